"""Bird's platform interface of 2026, of which WhatsApp is a channel.

Start at `account.Bird`.
"""

from providers.bird.account import Bird

__all__ = ["Bird"]
