"""Names of files: what people's computers call them, made harmless."""

import re
import unicodedata

# Letters of a name at most; with the ending a file system takes it.
MAX_NAME = 120
ENDING = ".pdf"
_SEPARATORS = re.compile(r"[/\\]")
# What file systems, or the dialogs that save files, do not take.
_FORBIDDEN = re.compile(r'[<>:"|?*/\\]')


def title_of(name):
    """The name of a file without its folders and its ending, for people to read: no
    control characters, nothing that turns the direction of writing. Empty where
    nothing is left of it."""
    last = _SEPARATORS.split(name or "")[-1]
    # Cc, Cf, Cs, Co, Cn: nothing that can be seen.
    seen = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    seen = " ".join(unicodedata.normalize("NFC", seen).split())
    if seen.lower().endswith(ENDING):
        seen = seen[: -len(ENDING)]
    return seen.strip(" .")[:MAX_NAME].strip(" .")


def file_name(title):
    """The name under which a document called ``title`` is saved."""
    return (title_of(_FORBIDDEN.sub("_", title or "")) or "document") + ENDING
