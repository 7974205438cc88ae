"""Helpers, which know no model; each is imported where it is needed."""
