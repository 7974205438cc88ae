"""E-mails that an office left as they came get the line that is new in them; what it wrote itself stays, and it is told."""

from collections.abc import Callable

from before_the_cut import CONNECTOR, FURNISH, NOTICE, VERSIONS, WITHOUT_DETAIL, as_of, make_it_1_1_0, upgraded
from riglib.server import Odoo

TEXTS = """
SELECT d.name, t.subject, t.body_html AS body FROM mail_template t
  JOIN ir_model_data d ON d.model = 'mail.template' AND d.res_id = t.id WHERE t.model = 'sicantik.notice'
"""
OWN = {
    # As Odoo keeps a text that the office wrote in Indonesian, and one in which it has the line already.
    "mail_template_status_update_id": '{"id_ID": "<p>Salam dari kantor</p>"}',
    "mail_template_status_update_en": '{"id_ID": "<p t-out=\\"object.detail_link\\"/>"}',
}


def _texts(odoo: Odoo) -> dict[str, dict]:
    """Subject and body of each text, in each language in which it is there."""
    return {row.pop("name"): row for row in odoo.sql(TEXTS)}


def _named(odoo: Odoo, name: str) -> list[dict]:
    """In how many configurations' chatters the upgrade named this text."""
    return odoo.sql(f"SELECT count(*) FROM mail_message WHERE model = 'sicantik.config' AND body LIKE '%{name}%'")


def test_from_1_1_0_every_text_that_the_office_left_is_that_of_today(odoo_fresh: Callable[..., Odoo]) -> None:
    odoo = odoo_fresh(start=False)
    of_today = _texts(odoo)
    odoo.shell(FURNISH)
    make_it_1_1_0(odoo)
    old = _texts(odoo)
    assert "detail_link" not in str(old)
    odoo.upgrade(CONNECTOR)
    upgraded_to = _texts(odoo)
    own = "mail_template_permit_expiring_en"
    assert upgraded_to.pop(own) == old[own] != of_today.pop(own)
    assert upgraded_to == of_today
    for name in ("Status Changed", "To Be Signed"):
        assert _named(odoo, name) == [{"count": 0}], "nothing of the office's was touched"


def test_from_1_2_0_what_the_office_wrote_stays_and_is_named_once(odoo_fresh: Callable[..., Odoo]) -> None:
    odoo = odoo_fresh(start=False)
    of_today = _texts(odoo)
    odoo.sql(WITHOUT_DETAIL)
    for name, words in OWN.items():
        odoo.sql(
            f"UPDATE mail_template SET body_html = body_html || '{words}'"
            f" WHERE id = (SELECT res_id FROM ir_model_data WHERE module = '{NOTICE}' AND name = '{name}')"
        )
    old = _texts(odoo)
    as_of(odoo, "1.2.0", CONNECTOR, NOTICE)
    odoo.upgrade(CONNECTOR)
    assert odoo.sql(VERSIONS) == upgraded()
    odoo.upgrade(CONNECTOR)
    texts = _texts(odoo)
    for name in OWN:
        body = old[name]["body"] | of_today[name]["body"]
        assert texts.pop(name) == {**old[name], "body": body}, "as the addon brought it, and as the office wrote it"
        of_today.pop(name)
    assert texts == of_today
    assert _named(odoo, "Status Changed (Indonesian)") == odoo.sql("SELECT count(*) FROM sicantik_config")
    assert _named(odoo, "Status Changed (English)") == [{"count": 0}]
