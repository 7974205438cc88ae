"""Codes of the worker's answers as sentences for people, in the reader's language."""

from .answers import ending_sentence, upload_sentence
from .arrivals import arrival_place, arrival_sentence

__all__ = ["arrival_place", "arrival_sentence", "ending_sentence", "upload_sentence"]
from .storage import storage_sentence

__all__ = ["ending_sentence", "storage_sentence", "upload_sentence"]
