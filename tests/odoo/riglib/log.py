"""Odoo's log: what counts as a problem. A warning that nobody explained fails the test that caused it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (?P<level>[A-Z]+) (?P<database>\S+) (?P<logger>[^:]+): ?(?P<text>.*)"
)
_PROBLEM = frozenset({"WARNING", "ERROR", "CRITICAL"})


@dataclass(frozen=True)
class Entry:
    """One record of the log, with the lines that follow it (a traceback)."""

    level: str
    logger: str
    text: str

    def __str__(self) -> str:
        return f"{self.level} {self.logger}: {self.text}"


@dataclass(frozen=True)
class Allowed:
    """A line that is no fault of ours, and why."""

    pattern: re.Pattern[str]
    reason: str

    def covers(self, entry: Entry) -> bool:
        """Whether the pattern is found in `LEVEL logger: text`."""
        return bool(self.pattern.search(str(entry)))


def allow(pattern: str, reason: str) -> Allowed:
    """An entry of an allow-list; the pattern is searched in `LEVEL logger: text`."""
    return Allowed(re.compile(pattern, re.DOTALL), reason)


ALWAYS = (
    allow(
        r"^ERROR odoo\.addons\.base\.models\.assetsbundle: .*selfie_segmentation",
        "Debian's odoo-19 ships without mail's selfie_segmentation library (video call backgrounds)",
    ),
    allow(
        r"^(ERROR odoo\.addons\.bus\.(websocket|models\.bus)|WARNING odoo\.service\.server): .*"
        r'addons/bus/(websocket|models/bus)\.py", line \d+, in \w+\n'
        r".*\n(KeyError|OSError|ValueError): [^\n]*(is not registered|Bad file descriptor|closed \w+ object)",
        "Odoo's own bus: one thread ends a page's connection while another ends it, too, or tells it something",
    ),
    allow(
        r"^ERROR odoo\.addons\.bus\.websocket: Trying to send a frame on a closed socket *\n"
        r'.*addons/bus/websocket\.py", line \d+, in _dispatch_bus_notifications\n',
        "the same race: a page's connection has ended while Odoo's bus still tells it something",
    ),
    allow(
        r"^ERROR werkzeug: Error on request:.*addons/bus/websocket\.py\", line \d+, in _send_close_frame\n.*BrokenPipeError",
        "the same race: a browser that was closed is told goodbye",
    ),
    allow(
        r"^ERROR odoo\.addons\.bus\.websocket: [^\n]*could not serialize",
        "Odoo's own presence: two windows of one person meet on a row, and the page connects again",
    ),
    allow(
        r"^ERROR odoo\.sql_db: bad query: b'\s*(UPDATE|INSERT INTO) \"(discuss_channel_member|mail_presence|bus_presence)\"",
        "Odoo's own chat: two requests of a page meet on a row, and Odoo repeats the later one",
    ),
    allow(
        r"^WARNING odoo\.service\.server: sending two different Date response headers",
        "Odoo dates an answer when it makes it and when it sends it; on a busy machine seconds lie between",
    ),
)
"""Odoo's own faults, whatever addon is looked at."""


def deprecations_outside(addons: Iterable[Path]) -> Allowed:
    """Odoo uses a package in a way that the package deprecates, and no line of these addons has a part in it.

    Odoo writes the lines that led to a warning below it.
    """
    ours = "|".join(re.escape(f"{folder}/") for folder in addons) or r"\Z\A"
    return allow(
        rf"^WARNING py\.warnings: (?!.*(?:{ours}))[^\n]+:\d+: (Pending)?DeprecationWarning: ",
        "between Odoo and the packages of the rig; an office's Odoo has packages of its own",
    )


def entries(path: Path, start: int = 0) -> Iterator[Entry]:
    """The log's records from byte `start` on."""
    level = logger = ""
    text: list[str] = []
    if not path.exists():
        return
    with path.open("rb") as handle:
        handle.seek(start)
        lines = handle.read().decode(errors="replace").splitlines()
    for line in lines:
        match = _LINE.match(line)
        if match:
            if level:
                yield Entry(level, logger, "\n".join(text))
            level, logger, text = match["level"], match["logger"], [match["text"]]
        else:
            text.append(line)
    if level:
        yield Entry(level, logger, "\n".join(text))


def problems(path: Path, allowed: Iterable[Allowed] = (), start: int = 0) -> list[Entry]:
    """Warnings and errors of the log that no allowed line covers."""
    known = (*ALWAYS, *allowed)
    return [entry for entry in entries(path, start) if entry.level in _PROBLEM and not any(rule.covers(entry) for rule in known)]
