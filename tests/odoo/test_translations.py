"""Everything that an officer reads is there in Indonesian."""

import ast
import re
from pathlib import Path

from parts import REPOSITORY
from riglib.server import Odoo

_EXPORT = """
import base64, json
module = env["ir.module.module"].search([("name", "=", "sicantik_connector")])
wizard = env["base.language.export"].create({"lang": "__new__", "format": "po", "modules": [(6, 0, module.ids)]})
wizard.act_getfile()
print(json.dumps(base64.b64decode(wizard.data).decode()))
"""
_OF_OTHERS = {"SMS Delivery error"}
"""Odoo's own module sms adds it to every model with a chatter, and translates it itself."""
_ENTRY = re.compile(r'^msgid ((?:".*"\n)+)msgstr ((?:".*"\n?)+)', re.MULTILINE)


def terms(text: str) -> dict[str, str]:
    """msgid → msgstr of a PO file."""
    joined = {}
    for source, translation in _ENTRY.findall(text):
        parts = ["".join(ast.literal_eval(line) for line in part.strip().splitlines()) for part in (source, translation)]
        joined[parts[0]] = parts[1]
    return joined


def test_every_term_is_translated(shared_odoo: Odoo) -> None:
    exported = terms(shared_odoo.shell(_EXPORT))
    assert len(exported) > 300
    translated = terms(Path(REPOSITORY, "odoo_addon/sicantik_connector/i18n/id.po").read_text())
    missing = [term for term in exported.keys() - _OF_OTHERS if term and not translated.get(term)]
    assert missing == []
