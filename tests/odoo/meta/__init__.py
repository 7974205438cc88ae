"""A stand-in of Meta's WhatsApp Cloud API: takes messages as strictly as the real one and tells of them by webhooks.

Start at `account.Meta`. How a request is answered is chosen with `answers`, what a person does with `people.Person`.
It shares nothing with the worker: what it demands and sends is written down from Meta's own pages.
"""

from meta.account import Meta
from meta.limits import Limits
from meta.people import Person
from meta.service import Refused, Taken
from meta.webhooks import Callback, HandshakeError

__all__ = ["Callback", "HandshakeError", "Limits", "Meta", "Person", "Refused", "Taken"]
