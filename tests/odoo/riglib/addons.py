"""The project's addons on disk: which there are, what they build on, and in which order they are installed."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .processes import RigError


@dataclass(frozen=True)
class Addon:
    """One addon's name and what its manifest asks for."""

    name: str
    depends: tuple[str, ...]
    demo: bool
    """Whether it has demo data."""


def discover(paths: Iterable[Path]) -> list[Addon]:
    """The installable addons of the folders, each after those that it depends on."""
    found: dict[str, Addon] = {}
    for path in sorted(manifest for folder in paths for manifest in folder.glob("*/__manifest__.py")):
        manifest = ast.literal_eval(path.read_text())
        if manifest.get("installable", True):
            found[path.parent.name] = Addon(path.parent.name, tuple(manifest.get("depends", ())), bool(manifest.get("demo")))
    return _ordered(found)


def choose(addons: list[Addon], names: Iterable[str]) -> list[Addon]:
    """Those of `addons` that were asked for; all when none was."""
    wanted = set(names)
    unknown = wanted - {addon.name for addon in addons}
    if unknown:
        raise RigError(f"no such addon: {', '.join(sorted(unknown))}")
    return [addon for addon in addons if addon.name in wanted] if wanted else addons


def foreign(every: Iterable[Addon], addons: Iterable[Addon]) -> list[str]:
    """The core modules that `addons`, and those among `every` that they build on, depend on."""
    every = list(every)
    own = {addon.name for addon in every}
    wanted = set[str]().union(*(needed(every, addon) for addon in addons))
    return sorted({name for addon in every if addon.name in wanted for name in addon.depends} - own)


def families(every: Iterable[Addon], addons: Iterable[Addon]) -> list[list[Addon]]:
    """`addons` in groups with nothing of `every` in common: each has databases of its own, since an office may have one
    without the other."""
    every = list(every)
    found: list[tuple[set[str], list[Addon]]] = []
    for addon in addons:
        names = needed(every, addon)
        related = [family for family in found if family[0] & names]
        members = [other for family in related for other in family[1]]
        found = [family for family in found if family not in related]
        found.append((names.union(*(family[0] for family in related)), [*members, addon]))
    return [members for _names, members in found]


def needed(addons: Iterable[Addon], addon: Addon) -> set[str]:
    """The names of an addon and of those among `addons` that it builds on."""
    known = {other.name: other for other in addons}
    parents = (known[name] for name in addon.depends if name in known)
    return {addon.name}.union(*(needed(known.values(), parent) for parent in parents))


def _ordered(found: dict[str, Addon]) -> list[Addon]:
    ordered: list[Addon] = []
    waiting = dict(found)
    while waiting:
        ready = [addon for addon in waiting.values() if not set(addon.depends) & set(waiting)]
        if not ready:
            raise RigError(f"addons depend on each other in a circle: {', '.join(waiting)}")
        for addon in ready:
            ordered.append(waiting.pop(addon.name))
    return ordered
