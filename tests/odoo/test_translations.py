"""Everything that an officer reads is there in Indonesian, and takes no word of Odoo's away."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from parts import REPOSITORY
from riglib.server import Odoo
from riglib.session import Rig
from translations import exported, folder_of, untranslated

_ENTRY = re.compile(r'((?:^#.*\n)+)msgid "(.+)"\nmsgstr "(.+)"\n', re.MULTILINE)
"""A term of one line; ours of the browser are short enough."""
OWN = ("sicantik_connector", "sicantik_notice", "sicantik_whatsapp", "sicantik_documents")
ALL = (*OWN, "payment_account_enhanced")


def _browser_terms(module: Path) -> Iterator[tuple[str, str]]:
    """What a module's code in the browser says, and its Indonesian."""
    path = module / "i18n" / "id.po"
    for places, term, words in _ENTRY.findall(path.read_text()) if path.exists() else ():
        if "/static/" in places:
            yield term, words


@pytest.mark.parametrize(("addon", "number"), [("sicantik_connector", 300), ("sicantik_notice", 100)])
def test_every_term_is_translated(shared_odoo: Odoo, addon: str, number: int) -> None:
    terms = exported(shared_odoo, addon)
    assert len(terms) > number
    assert untranslated(terms, polib.pofile(str(folder_of(addon) / "id.po"))) == []


@pytest.mark.parametrize(("addon", "number"), [("sicantik_whatsapp", 200), ("sicantik_documents", 100)])
def test_every_term_of_an_addon_that_is_installed_by_itself_is_translated(rig: Rig, addon: str, number: int) -> None:
    odoo = rig.database((addon,))
    terms = exported(odoo, addon)
    rig.discard(odoo)
    assert len(terms) > number
    assert untranslated(terms, polib.pofile(str(folder_of(addon) / "id.po"))) == []


@pytest.mark.parametrize("addon", ALL)
def test_every_translation_has_its_term_in_the_template(addon: str) -> None:
    """Odoo reads the template beside the translations, and leaves out what is not in it."""
    folder = folder_of(addon)
    terms = {entry.msgid for entry in polib.pofile(str(folder / f"{addon}.pot"))}
    translated = {entry.msgid for entry in polib.pofile(str(folder / "id.po")) if not entry.obsolete}
    assert translated == terms


def test_no_term_of_ours_in_the_browser_means_another_thing_in_a_module_of_odoo(rig: Rig) -> None:
    """Odoo 18 has one dictionary for the browser: of two translations of a term the module that is read last wins."""
    ours = {term: words for addon in OWN for term, words in _browser_terms(REPOSITORY / "odoo_addon" / addon)}
    theirs: dict[str, set[str]] = defaultdict(set)
    folders = {*rig.installation.addons, rig.installation.release.parent / "addons"}
    modules = [module for folder in folders for module in folder.iterdir() if module.name not in OWN]
    for module in modules:
        for term, words in _browser_terms(module):
            if term in ours and words != ours[term]:
                theirs[term].add(f"{module.name}: {words}")
    assert len(ours) > 100
    assert len(modules) > 100
    assert not theirs
