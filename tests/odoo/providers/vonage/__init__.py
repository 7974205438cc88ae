"""Vonage's Messages API with WhatsApp as its channel.

Start at `account.Vonage`.
"""

from providers.vonage.account import Vonage
from providers.vonage.tokens import new_private_key

__all__ = ["Vonage", "new_private_key"]
