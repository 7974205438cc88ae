"""Twilio's Programmable Messaging with WhatsApp as its channel.

Start at `account.Twilio`.
"""

from providers.twilio.account import Twilio, content_sid

__all__ = ["Twilio", "content_sid"]
