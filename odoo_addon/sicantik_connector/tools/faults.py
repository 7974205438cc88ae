"""What of an error may stand in the log."""

import traceback


def kind_and_place(error):
    """The error's type and the lines that led to it, as text of several lines.

    Its words are left out: those of a database, or of another addon, may hold the
    values of a row, and so a name or a number.
    """
    lines = traceback.format_tb(error.__traceback__)
    return f"{type(error).__name__} at\n{''.join(lines)}"
