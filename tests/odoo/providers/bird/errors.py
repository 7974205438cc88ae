"""Bird's errors: those that an answer has, by their type, and those that a message fails with.

As its kit for Python reads them (`messagebird-sdk`, `bird._exceptions` and `WhatsAppError`).
"""

from typing import Any

from providers.events import Code

_TYPES: dict[Code, tuple[int, str]] = {
    "bad_request_error": (400, "The request could not be read."),
    "auth_error": (401, "The API key is not valid."),
    "billing_error": (402, "The wallet cannot fund this."),
    "permission_error": (403, "The API key may not do this."),
    "not_found_error": (404, "There is no such resource."),
    "conflict_error": (409, "The request contradicts another one."),
    "payload_too_large_error": (413, "The request is too large."),
    "misdirected_error": (421, "This workspace lives in another region."),
    "validation_error": (422, "The request is not valid."),
    "rate_limit_error": (429, "Too many requests."),
    "internal_error": (500, "An unexpected failure occurred."),
    "not_implemented_error": (501, "This is not implemented."),
    "service_unavailable_error": (503, "The service is not available."),
}
_REJECTED = {"insufficient_balance", "price_not_found", "recipient_suppressed"}
"""Why a message is not even handed to WhatsApp."""
_OF_META = {131056: "rate_limited", 131064: "rate_limited", 130429: "rate_limited", 131047: "service_window_expired"}
_DESCRIPTIONS = {
    "insufficient_balance": "The workspace wallet could not fund the send.",
    "price_not_found": "No price was configured for the destination and template.",
    "internal_error": "An unexpected service failure occurred.",
    "undeliverable": "The recipient could not be reached.",
    "service_window_expired": "The 24-hour service window closed; send a template.",
    "rate_limited": "The send was throttled.",
    "recipient_suppressed": "The recipient is on the workspace suppression list.",
    "media_rejected": "WhatsApp could not fetch the media URL.",
}


def http_status(code: Code) -> int:
    """Of an answer's type."""
    return _TYPES[code][0]


def title(code: Code) -> str:
    """The words of an answer's type."""
    return _TYPES[code][1]


def is_rejected(code: Code) -> bool:
    """Whether a message with that failure never left Bird."""
    return code in _REJECTED


def told(code: Code, at: str) -> dict[str, Any]:
    """What a webhook says of a failure: by Bird's word, or by Meta's number, for which Bird has one."""
    word = _OF_META.get(code, "undeliverable") if isinstance(code, int) else code
    error = {"code": word, "description": _DESCRIPTIONS[word], "occurred_at": at}
    return error | ({"meta_error_code": str(code)} if isinstance(code, int) else {})
