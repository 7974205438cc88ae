"""What the names of permit types, and the dates, people and places of permits, say
about renewals. No Odoo in here.

Pairing permits costs as much as sorting them, however many one holder has.
"""

import re
from collections import defaultdict, namedtuple
from heapq import heapify, heappop, heappush

WORDS = re.compile(r"[^\W_]+")
RENEWAL = re.compile(
    r"\b(?:PERPANJANGAN|(?:DAFTAR|PENDAFTARAN|REGISTRASI) ULANG|HERREGISTRASI)\b"
)
PERMIT = "IZIN "

# What began longer before the end of a permit is a second one, not its renewal.
EARLY_DAYS = 365
# Permits at which one without a neighbour that fits looks, those that end first: more
# than people refuse for one.
LOOKED_AT = 20

# One permit. ``holders``: ``{what it has in common with others of its holder and type:
# facts}``, texts of which those that are known of both sides have to agree, "" when not
# known; ``address``: such a fact, too, but it only decides who comes first; ``dates``:
# as ``is_later`` compares them; ``end``: a date; ``refused``: ids that do not renew it.
Side = namedtuple("Side", "id holders address dates end refused")


def plain(text):
    """The words of ``text`` for comparing: upper case, without marks and blanks between
    them; empty for none, and for marks of none such as ``-`` or ``0``."""
    words = " ".join(WORDS.findall((text or "").upper()))
    return words if words.strip("0 ") else ""


def renewed_names(name):
    """The plain names of the permit types that the type ``name`` may renew, the
    likeliest first; none for a name that says nothing of a renewal."""
    name = plain(name)
    bare = plain(RENEWAL.sub(" ", name))
    if bare == name or not bare:
        return []
    shorter = plain(RENEWAL.sub(" ", name, count=1))
    names = [bare, f"{PERMIT}{bare}", bare.removeprefix(PERMIT), shorter]
    return [other for other in dict.fromkeys(names) if other and other != name]


def is_later(mine, theirs):
    """Whether ``mine`` are the dates of the later permit: the first kind of date that
    both have, and that differs, says so; ``None`` when none does."""
    for own, other in zip(mine, theirs, strict=True):
        if own and other and own != other:
            return own > other
    return None


def beginning(dates):
    """The best known of the dates on which a permit began, else ``None``."""
    return next(filter(None, dates), None)


def agree(mine, theirs):
    """Whether the facts that are known of both sides agree."""
    return all(
        own == other or not own or not other
        for own, other in zip(mine, theirs, strict=True)
    )


def fits(older, newer):
    """Whether by its dates, and by what people said, ``newer`` may renew ``older``."""
    return bool(
        is_later(newer.dates, older.dates)
        and newer.id not in older.refused
        and not _is_early(older, newer)
    )


def _is_early(older, newer):
    return (older.end - beginning(newer.dates)).days > EARLY_DAYS


def may_renew(older, newer):
    """Whether the two are of one holder, nothing that is known of both contradicts it,
    and ``newer`` is the later one."""
    shared = older.holders.keys() & newer.holders.keys()
    return bool(
        is_later(newer.dates, older.dates)
        and any(agree(older.holders[key], newer.holders[key]) for key in shared)
    )


def likely_renewals(older, newer):
    """``{id of an older permit: id of its likely renewal}``, each once, of two lists of
    Side.

    Whose address is the same come first, then those that agree in most facts; among
    them, the permits that begin nearest to the end of the older one.
    """
    older = [side for side in older if side.end and beginning(side.dates)]
    newer = [side for side in newer if beginning(side.dates)]
    found, taken = {}, set()
    for by_address in (True, False):
        for olds, news in _groups(older, newer, by_address):
            olds = [side for side in olds if side.id not in found]
            news = [side for side in news if side.id not in taken]
            for old, new in nearest_pairs(olds, news):
                found[old.id] = new.id
                taken.add(new.id)
    return found


def _groups(older, newer, by_address):
    """``[(older permits, newer permits)]`` of one holder that agree in all that is
    known of both, those that agree in more first."""
    olds, news = _known(older, by_address), _known(newer, by_address)
    groups = []
    for holder in olds.keys() & news.keys():
        for known, mine in olds[holder].items():
            for also_known, theirs in news[holder].items():
                shared = [i for i in known if i in also_known]
                left, right = _agreeing(mine, shared), _agreeing(theirs, shared)
                for facts in left.keys() & right.keys():
                    order = (-len(shared), left[facts][0][1].id)
                    groups.append((order, left[facts], right[facts]))
    groups.sort(key=lambda group: group[0])
    return [
        ([side for _facts, side in mine], [side for _facts, side in theirs])
        for _order, mine, theirs in groups
    ]


def _known(sides, by_address):
    """``{holder: {indexes of the facts that are known: [(facts, side)]}}``; by address
    of those only that have one."""
    found = defaultdict(lambda: defaultdict(list))
    for side in sides:
        if by_address and not side.address:
            continue
        for holder, facts in side.holders.items():
            if by_address:
                facts = (*facts, side.address)
            known = tuple(i for i, fact in enumerate(facts) if fact)
            found[holder][known].append((facts, side))
    return found


def _agreeing(items, shared):
    found = defaultdict(list)
    for facts, side in items:
        found[tuple(facts[i] for i in shared)].append((facts, side))
    return found


def nearest_pairs(older, newer):
    """``[(older, newer)]``, each once: of the pairs that fit, those first in which the
    newer permit begins nearest to the end of the older one.

    On the line of all ends and beginnings the nearest two are always neighbours; once
    they are taken away, those beside them are.
    """
    line = sorted(
        [(side.end, 1, side.id, side) for side in older]
        + [(beginning(side.dates), 0, side.id, side) for side in newer],
        key=lambda point: point[:3],
    )
    before, after = list(range(-1, len(line) - 1)), list(range(1, len(line) + 1))
    heap, gone, pairs = [], set(), []

    def offer(i, j):
        if i < 0 or j == len(line) or line[i][1] == line[j][1]:
            return
        old, new = (i, j) if line[i][1] else (j, i)
        if fits(line[old][3], line[new][3]):
            gap = line[j][0] - line[i][0]
            heappush(heap, (gap, line[old][2], line[new][2], i, j))

    for i in range(len(line) - 1):
        offer(i, i + 1)
    while heap:
        *_order, i, j = heappop(heap)
        if i in gone or j in gone:
            continue
        gone |= {i, j}
        pairs.append(tuple(side for *_, side in sorted((line[i], line[j]), key=_old)))
        if before[i] >= 0:
            after[before[i]] = after[j]
        if after[j] < len(line):
            before[after[j]] = before[i]
        offer(before[i], after[j])
    left = [point for i, point in enumerate(line) if i not in gone]
    return pairs + _pairs_apart(
        [point[3] for point in left if point[1]],
        [point[3] for point in left if not point[1]],
    )


def _old(point):
    return -point[1]


def _pairs_apart(older, newer):
    """Pairs of what is left, which has no neighbour that fits: a permit that lies
    between does not belong to either. The latest newer one chooses first, and takes
    what ends first."""
    waiting = [(side.end, side.id, side) for side in older]
    heapify(waiting)
    pairs = []
    for new in sorted(newer, key=lambda s: (beginning(s.dates), s.id), reverse=True):
        passed = []
        while waiting and len(passed) < LOOKED_AT:
            old = heappop(waiting)
            if fits(old[2], new):
                pairs.append((old[2], new))
                break
            # What began later than this one began later than those that follow, too.
            if beginning(old[2].dates) < beginning(new.dates):
                passed.append(old)
            if _is_early(old[2], new):
                break
        for old in passed:
            heappush(waiting, old)
    return pairs
