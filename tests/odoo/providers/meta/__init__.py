"""Meta's WhatsApp Cloud API: takes messages as strictly as the real one and tells of them by webhooks.

Start at `account.Meta`.
"""

from providers.meta.account import HandshakeError, Meta

__all__ = ["HandshakeError", "Meta"]
