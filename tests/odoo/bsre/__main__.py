"""Serves until it is told to end. The first line of its output is its address."""

from bsre.server import main

main()
