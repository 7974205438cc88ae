"""Which protected payments may be changed within a call."""

_KEY = "payment_leave"


class Leave:
    """Leave to change the payments of ``ids``, while the call lasts that got it. It
    goes along in the context, where nobody can put one from outside: what comes over
    RPC or from a server action is never an object of this class.

    ``keeps_draft``: Odoo writes the entry of a payment that is not posted yet.
    ``makes_steps``: what is written are the steps of an approval.
    """

    __slots__ = ("ids", "keeps_draft", "makes_steps")

    def __init__(self, ids=(), *, keeps_draft=False, makes_steps=False):
        self.ids = set(ids)
        self.keeps_draft = keeps_draft
        self.makes_steps = makes_steps


def leave_of(env):
    """The leave of a call, or None."""
    leave = env.context.get(_KEY)
    return leave if isinstance(leave, Leave) else None


def with_leave(records, payments, *, keeps_draft=False, makes_steps=False):
    """``records`` with leave for ``payments``, beside that of the call around."""
    around = leave_of(records.env)
    if around:
        keeps_draft, makes_steps = (
            keeps_draft or around.keeps_draft,
            makes_steps or around.makes_steps,
        )
    leave = Leave(
        {*payments.ids, *(around.ids if around else ())},
        keeps_draft=keeps_draft,
        makes_steps=makes_steps,
    )
    return records.with_context(**{_KEY: leave})
