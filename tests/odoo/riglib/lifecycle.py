"""Install, upgrade and uninstall each addon, without and with its demo data, and look for what it leaves behind."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .addons import Addon, choose, discover, families, foreign, needed
from .processes import RigError
from .server import Odoo
from .session import Rig

_TRACES = {
    "table": "SELECT tablename AS trace FROM pg_tables WHERE schemaname = 'public'",
    "column": "SELECT table_name || '.' || column_name AS trace FROM information_schema.columns WHERE table_schema = 'public'",
    "index": "SELECT indexname AS trace FROM pg_indexes WHERE schemaname = 'public'",
    "function": "SELECT proname AS trace FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE n.nspname = 'public'",
    "model": "SELECT model AS trace FROM ir_model",
    "field": "SELECT model || '.' || name AS trace FROM ir_model_fields",
    "constraint": "SELECT name AS trace FROM ir_model_constraint",
    # But for those of addons, and of the categories that their manifests name: Odoo keeps a row for each that it ever saw.
    "external id": "SELECT module || '.' || name AS trace FROM ir_model_data"
    " WHERE model <> 'ir.module.module' AND (model, module) <> ('ir.module.category', 'base')",
    "parameter": "SELECT key AS trace FROM ir_config_parameter",
    "scheduled action": "SELECT cron_name AS trace FROM ir_cron",
    "menu": "SELECT id::text || ' ' || (name->>'en_US') AS trace FROM ir_ui_menu",
    "group": "SELECT id::text || ' ' || (name->>'en_US') AS trace FROM res_groups",
    "action": "SELECT id::text || ' ' || (name->>'en_US') AS trace FROM ir_actions",
    "view": "SELECT id::text || ' ' || coalesce(name, '') AS trace FROM ir_ui_view",
    "record rule": "SELECT id::text || ' ' || coalesce(name, '') AS trace FROM ir_rule",
    "access right": "SELECT id::text || ' ' || coalesce(name, '') AS trace FROM ir_model_access",
    "sequence": "SELECT id::text || ' ' || coalesce(name, '') AS trace FROM ir_sequence",
    "user": "SELECT login AS trace FROM res_users",
    "contact": "SELECT id::text || ' ' || coalesce(name, '') AS trace FROM res_partner",
    "message": "SELECT id::text || ' about ' || model || ' ' || res_id AS trace FROM mail_message WHERE model IS NOT NULL",
}
_ODOOS_OWN = re.compile(r"external id (?P<module>\w+)\.(selection|model_inherit)__")
"""Odoo files the selections and parents that a model gets from a mixin under the mixin's module, and forgets them there when
the model goes: true of every addon that inherits mail.thread or mail.activity.mixin. Under our own names it is litter."""
Traces = dict[str, set[str]]


@dataclass
class Outcome:
    """The seconds of each step and what was wrong."""

    seconds: dict[str, float] = field(default_factory=dict)
    addons: int = 0
    complaints: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Nothing left behind and no warning."""
        return not self.complaints

    def __str__(self) -> str:
        steps = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in self.seconds.items())
        return f"{self.addons} addon{'s' * (self.addons != 1)}: {steps}" + (
            f"; {len(self.complaints)} complaint(s)" if self.complaints else ""
        )


def run(rig: Rig, modules: Sequence[str] = ()) -> Outcome:
    """The life of the addons on an office's database, and another one on a database with demo data."""
    every = discover(rig.addons_paths)
    addons = choose(every, modules)
    if not addons:
        raise RigError("no addon to install")
    outcome = Outcome(addons=len(addons))
    for family in families(every, addons):
        _live(rig, every, family, outcome)
        if any(addon.demo for addon in family):
            _live(rig, every, family, outcome, demo=True)
    return outcome


def _live(rig: Rig, every: list[Addon], addons: list[Addon], outcome: Outcome, *, demo: bool = False) -> None:
    """One database: installed one by one, upgraded together, uninstalled in reverse order.

    Odoo sees no addon before its turn: one that installs itself would come with the first.
    """
    odoo = rig.database(foreign(every, addons), demo=demo)
    own = {addon.name for addon in every}
    with_demo = " with demo data" * demo
    before: list[tuple[Addon, Traces]] = []
    seen: set[str] = set()
    for addon in addons:
        seen |= needed(every, addon)
        odoo.see_only(seen)
        before.append((addon, _traces(odoo)))
        _timed(outcome, f"install{with_demo}", lambda addon=addon: odoo.install(addon.name, demo=demo))
        if demo and addon.demo and not _has_demo(odoo, addon):
            outcome.complaints.append(f"{addon.name} was installed without its demo data")
    _timed(outcome, f"upgrade{with_demo}", lambda: odoo.upgrade(*(addon.name for addon in addons)))
    for addon, traces in reversed(before):
        _timed(outcome, f"uninstall{with_demo}", lambda addon=addon: _uninstall(odoo, addon))
        left = _new(traces, _traces(odoo), own)
        outcome.complaints += [f"{addon.name}{with_demo} leaves behind: {trace}" for trace in left]
    outcome.complaints += [f"unexpected in the log{with_demo}: {problem}" for problem in odoo.log_problems()]
    rig.discard(odoo)


def _timed(outcome: Outcome, step: str, action: Callable[[], None]) -> None:
    started = time.monotonic()
    action()
    outcome.seconds[step] = outcome.seconds.get(step, 0.0) + time.monotonic() - started


def _has_demo(odoo: Odoo, addon: Addon) -> bool:
    return odoo.sql(f"SELECT demo FROM ir_module_module WHERE name = '{addon.name}'") == [{"demo": True}]


def _uninstall(odoo: Odoo, addon: Addon) -> None:
    odoo.shell(f"env['ir.module.module'].search([('name', '=', {addon.name!r})]).button_immediate_uninstall()")
    state = odoo.sql(f"SELECT state FROM ir_module_module WHERE name = '{addon.name}'")
    if state != [{"state": "uninstalled"}]:
        raise RigError(f"{addon.name} is not uninstalled but {state}")


def _traces(odoo: Odoo) -> Traces:
    return {kind: {row["trace"] for row in odoo.sql(query)} for kind, query in _TRACES.items()}


def _new(before: Traces, after: Traces, own: set[str]) -> list[str]:
    found = [f"{kind} {trace}" for kind in _TRACES for trace in sorted(after[kind] - before[kind])]
    return [trace for trace in found if not ((match := _ODOOS_OWN.match(trace)) and match["module"] not in own)]
