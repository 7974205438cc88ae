"""Twilio's errors: which status a request is refused with, and in which words.

<https://www.twilio.com/docs/api/errors>
"""

from providers.events import Code

_KINDS: dict[Code, tuple[int, str]] = {
    20001: (400, "Unknown parameters"),
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "Internal Server Error"),
    20503: (503, "Service Unavailable"),
    21211: (400, "Invalid 'To' Phone Number"),
    21408: (403, "Permission to send to this region has not been enabled"),
    21603: (400, "A 'From' phone number is required"),
    21604: (400, "A 'To' phone number is required"),
    21608: (403, "The number is unverified. Trial accounts cannot send messages to unverified numbers"),
    21609: (400, "The 'StatusCallback' URL is not a valid URL"),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21619: (400, "A text message body or media urls must be specified"),
    21654: (400, "ContentSid Required"),
    21655: (400, "The ContentSid is Invalid"),
    21656: (400, "The ContentVariables Parameter is invalid"),
    21703: (400, "The Messaging Service does not have any phone numbers available to send a message"),
    21910: (400, "Invalid 'From' and 'To' pair. 'From' and 'To' should be of the same channel"),
    30001: (429, "Queue overflow"),
    63003: (400, "Channel could not find To address"),
    63005: (400, "Channel did not accept given content"),
    63007: (400, "Twilio could not find a Channel with the specified From address"),
    63012: (400, "Channel provider returned an internal service error"),
    63013: (400, "This message send failed because it violates Channel provider's policy"),
    63016: (400, "Failed to send freeform message because you are outside the allowed window"),
    63018: (400, "Rate limit exceeded for Channel"),
    63020: (400, "Twilio encountered a Business Manager account error"),
    63021: (400, "Channel invalid content error"),
    63023: (400, "Channel generic error"),
    63024: (400, "Invalid message recipient"),
    63027: (400, "Template does not exist for a language and locale"),
    63028: (400, "Number of parameters provided does not match the expected number of parameters"),
    63029: (400, "The receiver failed to download the template"),
    63032: (400, "User has been restricted from receiving this message"),
    63038: (400, "Account exceeded the daily messages limit"),
    63040: (400, "WhatsApp template rejected"),
    63041: (400, "WhatsApp template paused"),
    63042: (400, "WhatsApp template disabled"),
    63049: (400, "Meta chose not to deliver this marketing message"),
}


def title(code: Code) -> str:
    """The words that belong to a code; KeyError for one that Twilio has not."""
    return _KINDS[code][1]


def http_status(code: Code) -> int:
    """With which a request is refused for it."""
    return _KINDS[code][0]
