"""Signed files, honest and forged, by pyHanko and by hand: no line of the worker. Runs in pyHanko's own environment."""
