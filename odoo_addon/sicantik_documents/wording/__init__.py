"""Codes of the worker's answers as sentences for people, in the reader's language."""

from .answers import ending_sentence, upload_sentence

__all__ = ["ending_sentence", "upload_sentence"]
