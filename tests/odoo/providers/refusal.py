"""A request that a provider does not take."""

from typing import Any

from providers.events import Code


class RefusalError(Exception):
    """`details` for people; `more` is what this provider's answer says besides."""

    def __init__(self, code: Code, details: str = "", **more: Any) -> None:
        super().__init__(code, details)
        self.code, self.details, self.more = code, details, more
