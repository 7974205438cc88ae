"""Codes of notices as sentences for people, in the reader's language."""

from .notices import notice_reasons

__all__ = ["notice_reasons"]
