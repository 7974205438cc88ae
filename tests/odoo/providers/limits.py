"""What Meta allows a business, whoever sends for it: so many a second, so many to one person, so many people a day.

<https://developers.facebook.com/documentation/business-messaging/whatsapp/messaging-limits> and `.../throughput`.
"""

import threading
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from providers.events import Code

SECOND, DAY = 1.0, 86_400.0
TIERS = {250: "TIER_250", 2_000: "TIER_2K", 10_000: "TIER_10K", 100_000: "TIER_100K", None: "TIER_UNLIMITED"}
"""The portfolio's limits that there are, by people."""
Kind = Literal["rate", "pair", "people"]


@dataclass
class Limits:
    """May be changed at any time."""

    per_second: int = 80
    """Messages of the number; 20 where it is used by the app as well, 1000 after an upgrade."""
    pair_seconds: float = 6.0
    """Between two messages to one person."""
    pair_burst: int = 0
    """So many more to one person at once, which are made up for by waiting afterwards."""
    people: int | None = 250
    """Who may be written to in any 24 hours, without those that wrote themselves in that time; None: anybody."""
    enforced: bool = True
    """False: what is beyond a limit is noted, and taken."""

    @property
    def tier(self) -> str:
        """As Meta names it: the lowest that is no less than `people`."""
        if self.people is None:
            return TIERS[None]
        return next((name for people, name in TIERS.items() if people is None or people >= self.people), TIERS[None])


@dataclass(frozen=True)
class Broken:
    """A message beyond a limit."""

    kind: Kind
    code: Code
    """The provider's."""
    to: str
    at: float


class Portfolio:
    """Whom a business wrote to in the last 24 hours, by whichever of its numbers and whoever sends for it."""

    def __init__(self) -> None:
        self._people: OrderedDict[str, float] = OrderedDict()
        """When each was last written to, the longest ago first."""
        self._lock = threading.Lock()

    def has_room(self, person: str, people: int, now: float) -> bool:
        """For that person among so many."""
        with self._lock:
            while self._people and next(iter(self._people.values())) <= now - DAY:
                self._people.popitem(last=False)
            return person in self._people or len(self._people) < people

    def add(self, person: str, now: float) -> None:
        """Was written to."""
        with self._lock:
            self._people[person] = now
            self._people.move_to_end(person)


class Ledger:
    """Counts what was taken. Not for several threads at once."""

    def __init__(self, limits: Limits, codes: Mapping[Kind, Code], portfolio: Portfolio) -> None:
        self.limits, self._codes, self._portfolio = limits, codes, portfolio
        self.broken: list[Broken] = []
        self._second: deque[float] = deque()
        self._free: dict[str, float] = {}
        """When a person has been written to so rarely that nothing is left of the burst to be made up for."""
        self._wrote: dict[str, float] = {}

    def wrote(self, person: str, now: float) -> None:
        """For 24 hours answers to that person count for nobody."""
        self._wrote[person] = now

    def in_window(self, person: str, now: float) -> bool:
        """Whether that person wrote in the last 24 hours."""
        wrote = self._wrote.get(person)
        return wrote is not None and now < wrote + DAY

    def exceeded(self, to: str, now: float) -> Kind | None:
        """Notes it, and returns which limit it is if limits are enforced."""
        kind = self._exceeded(to, now)
        if kind is not None:
            self.broken.append(Broken(kind, self._codes[kind], to, now))
        return kind if self.limits.enforced else None

    def take(self, to: str, now: float) -> None:
        """Counts a message."""
        self._second.append(now)
        self._free[to] = max(now, self._free.get(to, now)) + self.limits.pair_seconds
        if not self.in_window(to, now):
            self._portfolio.add(to, now)

    def _exceeded(self, to: str, now: float) -> Kind | None:
        limits = self.limits
        while self._second and self._second[0] <= now - SECOND:
            self._second.popleft()
        if len(self._second) >= limits.per_second:
            return "rate"
        if now < self._free.get(to, now) - limits.pair_burst * limits.pair_seconds:
            return "pair"
        if limits.people is None or self.in_window(to, now) or self._portfolio.has_room(to, limits.people, now):
            return None
        return "people"
