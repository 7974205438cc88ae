"""Vonage's errors: those of an answer, and those that a status tells of.

<https://developer.vonage.com/api-errors/messages>
"""

from typing import Any

from providers.events import Code

PAGE = "https://developer.vonage.com/api-errors/messages"
_KINDS: dict[Code, tuple[int, str, str]] = {
    "unauthorized": (401, "You did not provide correct credentials.", "Check that you are using the correct credentials."),
    "low-balance": (402, "Low balance", "This request could not be performed due to your account balance being low."),
    "forbidden": (403, "Forbidden", "Your account does not have permission to perform this action."),
    "not-found": (404, "Not found", "There is no such resource."),
    "system-error": (500, "Internal error", "There was an error processing your request in the Platform."),
    1000: (429, "Throttled", "You have exceeded the submission capacity allowed on this account. Please wait and retry"),
    1010: (422, "Missing params", "Your request is incomplete and missing some mandatory parameters."),
    1020: (422, "Invalid params", "The value of one or more parameters is invalid."),
    1021: (422, "Invalid tag", "The tag value is invalid."),
    1022: (422, "Invalid template", "Invalid template or template parameters"),
    1030: (500, "Internal error", "There was an error processing your request in the Platform."),
    1040: (422, "Invalid message", "The Platform was unable to process your request."),
    1050: (422, "Number barred", "The number you are trying to submit to is blacklisted and may not receive messages."),
    1060: (403, "Partner account barred", "The account has been barred from submitting messages."),
    1070: (402, "Partner quota exceeded", "Your pre-paid account does not have sufficient credit to process this message."),
    1080: (403, "Account not enabled for REST", "This account is not provisioned for REST submission."),
    1100: (503, "Communication Failed", "Message was not submitted because there was a communication failure."),
    1120: (422, "Illegal Sender Address - rejected", "The SenderID you set in from in the request was not accepted."),
    1140: (403, "Facility not allowed", "Your request makes use of a facility that is not enabled on your account."),
    1160: (422, "Invalid destination address", "The destination address is not valid."),
    1170: (422, "Invalid or Missing Msisdn Param", "The phone number you provided is missing or invalid."),
    1180: (503, "Absent Subscriber Temporary", "The recipient is temporarily not reachable."),
    1190: (422, "Absent Subscriber Permanent", "The recipient is no longer reachable."),
    1210: (422, "Anti-Spam Rejection", "The message was rejected as spam."),
    1220: (503, "Handset Busy", "The recipient's handset was busy."),
    1230: (503, "Network Error", "The network failed."),
    1240: (422, "Illegal Number", "The user has opted out of receiving messages from this sender."),
    1241: (429, "Too many send requests", "Too many send requests to this phone number."),
    1300: (422, "Not part of the provider network", "The recipient is not on WhatsApp."),
    1310: (422, "Not in service window", "The message cannot be sent like that."),
    1320: (422, "Message already sent", "The message was sent already."),
    1330: (422, "Unknown", "An unknown error was received from the carrier."),
    1331: (503, "Provider down", "The provider is not reachable."),
    1340: (422, "Outside of the allowed window", "The message may only be sent as a template."),
    1420: (403, "Invalid sender", "The sender is not set up for this channel."),
    1460: (429, "Daily message limit exceeded", "The daily limit of people who may be written to is reached."),
    1461: (422, "Automatic limit of Meta", "Meta chose not to deliver the message."),
}


def http_status(code: Code) -> int:
    """With which a request is refused for it."""
    return _KINDS[code][0]


def told(code: Code, instance: str, details: str = "", titled: bool = True) -> dict[str, Any]:
    """RFC 7807; a status has the code itself for a title, an answer has words."""
    _status, title, words = _KINDS[code]
    page = PAGE if isinstance(code, int) else "https://developer.vonage.com/api-errors"
    return {
        "type": f"{page}#{code}",
        "title": title if titled else str(code),
        "detail": details or (words if titled else f"{title} - {words}"),
        "instance": instance,
    }
