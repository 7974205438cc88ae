"""Everything that an officer reads is there in Indonesian."""

import polib
from riglib.server import Odoo
from translations import exported, folder_of, untranslated


def test_every_term_is_translated(shared_odoo: Odoo) -> None:
    terms = exported(shared_odoo, "sicantik_connector")
    assert len(terms) > 300
    assert untranslated(terms, polib.pofile(str(folder_of("sicantik_connector") / "id.po"))) == []
