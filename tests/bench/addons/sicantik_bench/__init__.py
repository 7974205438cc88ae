"""Never shipped: tests/bench alone installs it, on a database of its own."""

from . import models
