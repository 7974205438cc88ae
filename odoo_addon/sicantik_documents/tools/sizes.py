"""Sizes of files, for people."""

from odoo.tools.misc import formatLang

KIB, MIB = 1024, 1024 * 1024


def size_text(env, size):
    """``size`` bytes in MiB or KiB, in the language of ``env``."""
    unit, name = (MIB, "MiB") if size >= MIB else (KIB, "KiB")
    return f"{formatLang(env, size / unit, digits=1)} {name}"
