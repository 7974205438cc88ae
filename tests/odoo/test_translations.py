"""Everything that an officer reads is there in Indonesian."""

import polib
import pytest
from riglib.server import Odoo
from translations import exported, folder_of, untranslated


@pytest.mark.parametrize(("addon", "number"), [("sicantik_connector", 300), ("sicantik_notice", 100)])
def test_every_term_is_translated(shared_odoo: Odoo, addon: str, number: int) -> None:
    terms = exported(shared_odoo, addon)
    assert len(terms) > number
    assert untranslated(terms, polib.pofile(str(folder_of(addon) / "id.po"))) == []
