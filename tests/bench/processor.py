"""Processor time, which other work on the machine hardly bends: the second witness beside the clock."""

import os
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def seconds_so_far() -> float:
    """Of everything that this process started and that still runs, with their children: Odoo and PostgreSQL above all."""
    parents: dict[int, int] = {}
    spent: dict[int, float] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, rest = int(stat.parent.name), stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # It ended while we looked.
        parents[pid] = int(rest[1])
        # User and system time, its own and that of its ended children.
        spent[pid] = sum(map(int, rest[11:15])) / _TICK
    return sum(seconds for pid, seconds in spent.items() if _descends(pid, parents))


def _descends(pid: int, parents: dict[int, int]) -> bool:
    while pid := parents.get(pid, 0):
        if pid == os.getpid():
            return True
    return False
