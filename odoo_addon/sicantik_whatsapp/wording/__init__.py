"""Codes of messages as sentences for people, in the reader's language."""

from .reasons import notice_reasons, reasons


def reason_sentence(env, why):
    """What the code ``why`` means and what to do; empty without one."""
    if not why:
        return False
    known = reasons(env).get(why)
    return known or env._(
        "The worker gives a reason that this Odoo does not know (%s). Have an "
        "administrator upgrade the addon SICANTIK WhatsApp.",
        why,
    )


__all__ = ["notice_reasons", "reason_sentence", "reasons"]
