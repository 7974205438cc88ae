"""What the providers call things, and which form each has. No Odoo in here.

``PROVIDERS`` is ``[(key, label)]``. ``IDS[provider][field]`` is the form of an id that
the account has there; a field without one is not asked for. ``NAMES[provider]`` is the
form of the name of a text.
"""

import re

META, TWILIO, BIRD, VONAGE = "meta", "twilio", "bird", "vonage"
PROVIDERS = [
    (META, "Meta"),
    (TWILIO, "Twilio"),
    (BIRD, "Bird"),
    (VONAGE, "Vonage"),
]
ID_FIELDS = ("sender_id", "business_id", "key_id")

_DIGITS = re.compile(r"[0-9]{5,30}")
# A telephone number in E.164, with its plus and without.
_NUMBER = r"[1-9][0-9]{6,14}"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
IDS = {
    META: {"sender_id": _DIGITS, "business_id": _DIGITS},
    TWILIO: {
        "sender_id": re.compile(rf"\+{_NUMBER}|MG[0-9a-f]{{32}}"),
        "business_id": re.compile(r"AC[0-9a-f]{32}"),
        "key_id": re.compile(r"SK[0-9a-f]{32}"),
    },
    BIRD: {"sender_id": re.compile(rf"\+{_NUMBER}")},
    VONAGE: {"sender_id": re.compile(_NUMBER), "key_id": re.compile(_UUID)},
}
# Without these the provider lets nobody in.
REQUIRED = {(TWILIO, "business_id"), (TWILIO, "key_id"), (VONAGE, "key_id")}

_SLUG = r"[a-z0-9_]{1,512}"
NAMES = {
    META: re.compile(_SLUG),
    TWILIO: re.compile(r"HX[0-9a-f]{32}"),
    BIRD: re.compile(_SLUG),
    VONAGE: re.compile(rf"(?:[A-Za-z0-9_]{{1,100}}:)?{_SLUG}"),
}

# What ends the address of the webhook so that the provider calls again where it was not
# heard: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
AGAIN = {"twilio": "#rc=5&rp=5xx,ct,rt"}
