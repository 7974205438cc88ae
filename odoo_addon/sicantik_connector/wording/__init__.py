"""The worker's codes as sentences for people, in the reader's language.

The worker sends a stable word, the figures in it, and the whole sentence in English
(docs/interfaces.md, REMARK and ISSUE). What is known here is said in these words. A
remark or an issue that is not known is told as the worker says it; an error, which
stands inside other sentences, by its code, with the worker's words as the detail.
"""

from .calls import call_error_labels, call_errors_in_words
from .errors import errors, is_of_source
from .flags import flag_labels, flags_in_words
from .issues import issues
from .remarks import remarks, warns
from .retries import retry_sentence

# Codes of which the message was written by Odoo, for people.
FOUND_BY_ODOO = ("lost",)


def error_sentence(env, code, message):
    """What ``code`` means and what to do. Of what Odoo finds itself the ``message`` is
    such a sentence already, and says more. Empty without both."""
    if code in FOUND_BY_ODOO and message:
        return message
    known = errors(env).get(code)
    if known or not (code or message):
        return known or ""
    return env._(
        "The worker reports an error that this Odoo does not know (%(code)s). Have an "
        "administrator upgrade the addon SICANTIK Connector.",
        code=code or "?",
    )


def error_detail(env, code, message):
    """The worker's own ``message`` (English, precise), for technicians, where
    ``error_sentence`` does not say it already."""
    return "" if code in FOUND_BY_ODOO else message or ""


def issue_sentence(env, code, message, values):
    """Why a run could not take something over, or what differs."""
    known = issues(env, values or {}).get(code) or errors(env).get(code)
    return known or message or code or ""


def issue_detail(env, code, message):
    """The worker's own ``message`` where ``issue_sentence`` tells of an error in other
    words."""
    return message or "" if code in errors(env) else ""


def remark_sentence(env, remark):
    """What a run found out: ``{"code", "values"?, "message"}``."""
    known = remarks(env, remark.get("values") or {}).get(remark.get("code"))
    return known or remark.get("message") or remark.get("code") or ""


__all__ = [
    "call_error_labels",
    "call_errors_in_words",
    "error_detail",
    "error_sentence",
    "flag_labels",
    "flags_in_words",
    "is_of_source",
    "issue_detail",
    "issue_sentence",
    "remark_sentence",
    "retry_sentence",
    "warns",
]
