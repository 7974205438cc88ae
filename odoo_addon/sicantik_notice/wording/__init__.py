"""Codes of notices as sentences for people, in the reader's language."""

from .notices import notice_reason

__all__ = ["notice_reason"]
