"""Helpers that are no models. Whoever needs one imports its file."""
