"""Which protected payments may be changed within a call."""

from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple


class Leave(NamedTuple):
    """Leave to change the payments of ``ids``.

    ``drafts``: those of which Odoo writes the entry before they are posted.
    ``steps``: those of which the steps of an approval are written.
    """

    ids: frozenset = frozenset()
    drafts: frozenset = frozenset()
    steps: frozenset = frozenset()


_NONE = Leave()
_leave = ContextVar("payment_leave", default=_NONE)


def current_leave():
    """The :class:`Leave` of the call that runs; without anything where it has none."""
    return _leave.get()


@contextmanager
def leave_for(payments, *, keeps_draft=False, makes_steps=False):
    """Whatever is called inside has leave for ``payments``, beside that of the call
    around. Nobody gets one from outside: it is in no context, no record and no cursor,
    and ends with the block."""
    around, ids = _leave.get(), payments.ids
    token = _leave.set(
        Leave(
            around.ids.union(ids),
            around.drafts.union(ids if keeps_draft else ()),
            around.steps.union(ids if makes_steps else ()),
        )
    )
    try:
        yield
    finally:
        _leave.reset(token)
