"""Vonage's Messages API with WhatsApp as its channel.

Start at `account.Vonage`.
"""

from providers.vonage.account import Vonage

__all__ = ["Vonage"]
