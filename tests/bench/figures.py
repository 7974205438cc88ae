"""Figures beside their goals: gathered, printed as a table, written as JSON."""

import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Goal:
    """What a figure should reach."""

    sign: str
    bound: float

    def met(self, value: float) -> bool:
        """Whether the figure, before any rounding, reaches it."""
        return value >= self.bound if self.sign == "≥" else value <= self.bound if self.sign == "≤" else value < self.bound

    def __str__(self) -> str:
        return f"{self.sign} {self.bound:g}"


@dataclass(frozen=True)
class Figure:
    """One measured value. `rounds` are the values that it is the median of."""

    name: str
    value: float
    unit: str
    text: str
    goal: Goal | None = None
    rounds: Sequence[float] = ()

    @property
    def verdict(self) -> str:
        """`ok`, `MISSED`, or nothing without a goal."""
        return "" if self.goal is None else "ok" if self.goal.met(self.value) else "MISSED"


class Figures:
    """All figures of a bench; each is printed as soon as it is known."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._all: list[Figure] = []

    def add(self, name: str, values: float | Sequence[float], unit: str, text: str, goal: Goal | None = None) -> None:
        """A figure, or the median of several rounds."""
        rounds = [float(value) for value in values] if isinstance(values, Sequence) else [float(values)]
        figure = Figure(name, statistics.median(rounds), unit, text, goal, rounds if rounds[1:] else [])
        self._all.append(figure)
        self._say(self._line(figure))

    def table(self) -> str:
        """Every figure in a line."""
        return "\n".join(map(self._line, self._all))

    def missed(self) -> list[Figure]:
        """Those that do not reach their goal."""
        return [figure for figure in self._all if figure.verdict == "MISSED"]

    def write(self, path: Path, **facts: Any) -> None:
        """All figures with `facts` about the run, as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        figures = {figure.name: _as_json(figure) for figure in self._all}
        path.write_text(json.dumps(facts | {"figures": figures}, indent=2, ensure_ascii=False) + "\n")

    @staticmethod
    def _line(figure: Figure) -> str:
        goal = f"goal {figure.goal}" if figure.goal else ""
        spread = f"{_shown(min(figure.rounds))} to {_shown(max(figure.rounds))}" if figure.rounds else ""
        value = _shown(figure.value)
        return f"{figure.text:<58} {value:>9} {figure.unit:<7} {goal:<10} {figure.verdict:<6} {spread}".rstrip()


def _rounded(value: float) -> float:
    """Three or four figures say all that a measurement knows."""
    return round(value) if abs(value) >= 100 else round(value, 2)


def _shown(value: float) -> str:
    return f"{_rounded(value):,}".removesuffix(".0")


def _as_json(figure: Figure) -> dict[str, Any]:
    known: dict[str, Any] = {"value": _rounded(figure.value), "unit": figure.unit}
    if figure.goal:
        known |= {"goal": str(figure.goal), "met": figure.verdict == "ok"}
    if figure.rounds:
        known["rounds"] = list(map(_rounded, figure.rounds))
    return known
