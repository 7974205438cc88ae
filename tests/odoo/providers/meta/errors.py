"""Meta's errors: how each code is answered, and how a webhook tells of it.

<https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes>. Meta does not promise the
HTTP statuses, nor the titles: a client that tells them apart by anything but the code is wrong.
"""

from typing import Any

_KINDS: dict[int, tuple[int, str]] = {
    0: (401, "AuthException"),
    1: (400, "API Unknown"),
    2: (503, "API Service"),
    3: (500, "API Method"),
    4: (429, "API Too Many Calls"),
    10: (403, "API Permission Denied"),
    100: (400, "Invalid parameter"),
    190: (401, "Invalid OAuth access token"),
    368: (403, "Temporarily blocked for policies violations"),
    80007: (429, "Rate limit issues"),
    130429: (429, "Rate limit hit"),
    130472: (400, "User's number is part of an experiment"),
    130497: (403, "Business account is restricted from messaging users in this country"),
    131000: (500, "Something went wrong"),
    131008: (400, "Required parameter is missing"),
    131009: (400, "Parameter value is not valid"),
    131016: (500, "Service unavailable"),
    131021: (400, "Recipient cannot be sender"),
    131026: (400, "Message undeliverable"),
    131030: (400, "Recipient phone number not in allowed list"),
    131031: (403, "Business Account locked"),
    131037: (400, "Display name approval is needed"),
    131042: (400, "Business eligibility payment issue"),
    131045: (400, "Incorrect certificate"),
    131047: (400, "Re-engagement message"),
    131048: (400, "Spam rate limit hit"),
    131049: (400, "Message not delivered to maintain healthy ecosystem engagement"),
    131050: (400, "User has stopped marketing messages"),
    131051: (400, "Unsupported message type"),
    131056: (429, "(Business Account, Consumer Account) pair rate limit hit"),
    131057: (500, "Account in maintenance mode"),
    131062: (400, "Business-scoped user ID is not supported for this message"),
    131063: (400, "Marketing templates are disabled for Cloud API"),
    131064: (400, "Messaging limit reached"),
    132000: (400, "Number of parameters does not match the expected number of params"),
    132001: (404, "Template name does not exist in the translation"),
    132005: (400, "Translated text too long"),
    132007: (400, "Template content policy violation"),
    132008: (400, "Template parameter value is not valid"),
    132012: (400, "Parameter format does not match format in the created template"),
    132015: (400, "Template is paused"),
    132016: (400, "Template is disabled"),
    133004: (503, "Server temporarily unavailable"),
    135000: (400, "Generic user error"),
}
"""The HTTP status and the title of each code."""
_PERMISSIONS = range(200, 300)
_HELP = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


def title(code: int) -> str:
    """The words that belong to a code; KeyError for one that Meta has not."""
    return "API Permission" if code in _PERMISSIONS else _KINDS[code][1]


def http_status(code: int) -> int:
    """With which a code is answered as a rule."""
    return 403 if code in _PERMISSIONS else _KINDS[code][0]


def answered(code: int, details: str, trace: str) -> dict[str, Any]:
    """The body of an answer."""
    error = {
        "message": f"(#{code}) {title(code)}",
        "type": "OAuthException",
        "code": code,
        "error_data": {"messaging_product": "whatsapp", "details": details},
        "fbtrace_id": trace,
    }
    return {"error": error}


def told(code: int, details: str = "") -> dict[str, Any]:
    """What stands in the `errors` of a webhook."""
    name = title(code)
    return {"code": code, "title": name, "message": name, "error_data": {"details": details or name}, "href": _HELP}
