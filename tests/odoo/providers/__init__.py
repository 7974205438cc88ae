"""Stand-ins of those that carry an office's WhatsApp messages: real servers on the loopback, as strict as the real ones.

A folder each: `meta`, `twilio`, `bird`, `vonage`. How a request is answered is chosen with `answers`, what a person does with
`people.Person`; what all have in common lies here. They share nothing with the worker: what they demand and send is written
down from the providers' own pages and kits, and the providers' own kits are their clients in the tests.
"""

from providers import answers
from providers.account import Provider
from providers.limits import Limits, Portfolio
from providers.messages import Refused, Taken
from providers.people import Person
from providers.webhooks import Callback

__all__ = ["Callback", "Limits", "Person", "Portfolio", "Provider", "Refused", "Taken", "answers"]
