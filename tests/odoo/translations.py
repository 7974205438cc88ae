"""The addons' terms: exported from a real Odoo into `i18n/*.pot`, and every translation beside it brought up to date.

`rig.py translations` runs it and names what is not translated yet.
"""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import polib
from parts import REPOSITORY
from riglib.addons import discover
from riglib.cache import say
from riglib.processes import RigError
from riglib.server import Odoo
from riglib.session import ADDONS, Rig

_EXPORT = """
import base64, json
module = env["ir.module.module"].search([("name", "=", {module!r})])
wizard = env["base.language.export"].create({{"lang": "__new__", "format": "po", "modules": [(6, 0, module.ids)]}})
wizard.act_getfile()
print(json.dumps(base64.b64decode(wizard.data).decode()))
"""
OF_OTHERS = {"SMS Delivery error"}
"""Odoo's own module sms adds it to every model with a chatter, and translates it itself."""
IN_ONE_LANGUAGE = re.compile(r"(model|model_terms):mail\.template,(subject|body_html|email_from|lang):")
"""Texts that go to people outside: each language has a template of its own, so none is translated."""


def exported(odoo: Odoo, module: str) -> polib.POFile:
    """Every term of an addon that is installed in `odoo`."""
    terms = polib.pofile(odoo.shell(_EXPORT.format(module=module)))
    for entry in list(terms):
        entry.occurrences = [place for place in entry.occurrences if not IN_ONE_LANGUAGE.match(place[0])]
        if entry.msgid in OF_OTHERS or not entry.occurrences:
            terms.remove(entry)
    return terms


def untranslated(terms: polib.POFile, translation: polib.POFile) -> list[str]:
    """The terms that the translation does not have."""
    known = {entry.msgid for entry in translation if entry.msgstr}
    return [entry.msgid for entry in terms if entry.msgid not in known]


def folder_of(module: str) -> Path:
    """Where an addon keeps its terms."""
    return ADDONS / module / "i18n"


def main(arguments: Sequence[str]) -> int:
    """0 when every term has every translation, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--odoo", type=int, default=18)
    options = parser.parse_args(arguments)
    missing = 0
    try:
        with Rig(options.odoo) as rig:
            for addon in discover([ADDONS]):
                odoo = rig.database((addon.name,))
                missing += _bring_up_to_date(addon.name, exported(odoo, addon.name))
                rig.discard(odoo)
    except RigError as error:
        print(f"translations: {error}", file=sys.stderr)
        return 1
    return 1 if missing else 0


def _bring_up_to_date(module: str, terms: polib.POFile) -> int:
    """Writes the template and each translation; how many terms lack one."""
    for header in ("POT-Creation-Date", "PO-Revision-Date"):
        terms.metadata.pop(header, None)
    terms.save(str(folder_of(module) / f"{module}.pot"))
    missing = 0
    for path in sorted(folder_of(module).glob("*.po")):
        old = polib.pofile(str(path))
        known = {entry.msgid: entry.msgstr for entry in old}
        left = untranslated(terms, old)
        old.clear()
        for entry in terms:
            entry.msgstr = known.get(entry.msgid, "")
            old.append(entry)
        old.save(str(path))
        say(f"{path.relative_to(REPOSITORY)}: {len(terms)} terms, {len(left)} without translation")
        for term in left:
            print(f"  {json.dumps(term, ensure_ascii=False)}", flush=True)
        missing += len(left)
    return missing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
