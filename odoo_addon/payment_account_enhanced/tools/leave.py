"""Which protected payments may be changed within a call."""

from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple


class Leave(NamedTuple):
    """Leave to change the payments of ``ids``.

    ``keeps_draft``: Odoo writes the entry of a payment that is not posted yet.
    ``makes_steps``: what is written are the steps of an approval.
    """

    ids: frozenset = frozenset()
    keeps_draft: bool = False
    makes_steps: bool = False


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
    around = _leave.get()
    token = _leave.set(
        Leave(
            around.ids.union(payments.ids),
            keeps_draft or around.keeps_draft,
            makes_steps or around.makes_steps,
        )
    )
    try:
        yield
    finally:
        _leave.reset(token)
