from lxml import etree

from odoo.tests import tagged

from odoo.addons.sicantik_connector.tests.common import SicantikCase

from ..models.notice import SET_BY_PEOPLE


@tagged("post_install", "-at_install", "sicantik")
class TestOfficeSettings(SicantikCase):
    """SICANTIK in Odoo's own settings, for administrators."""

    def test_odoo_s_settings_lead_to_the_page_and_set_nothing_themselves(self):
        settings = self.env["res.config.settings"]
        own = [name for name in settings._fields if "sicantik" in name]
        self.assertEqual(own, [])
        arch = etree.fromstring(settings.get_view(view_type="form")["arch"])
        [page] = arch.xpath("//app[@name='sicantik_notice']")
        opened = {int(button.get("name")) for button in page.iter("button")}
        self.assertIn(self.env.ref("sicantik_notice.sicantik_office_action").id, opened)
        self.assertFalse(page.xpath(".//field"))

    def test_the_configuration_shows_it_and_leads_to_the_page(self):
        arch = etree.fromstring(self.config.get_view(view_type="form")["arch"])
        shown = [
            node for node in arch.iter("field") if node.get("name") in SET_BY_PEOPLE
        ]
        self.assertEqual({node.get("name") for node in shown}, set(SET_BY_PEOPLE))
        for node in shown:
            self.assertEqual(node.get("readonly"), "1", node.get("name"))
        action = self.env.ref("sicantik_notice.sicantik_office_action")
        self.assertTrue(
            arch.xpath(f"//page[@name='notices']//button[@name='{action.id}']")
        )
        office = self.env["sicantik.office"].get_view(view_type="form")["arch"]
        page = {node.get("name") for node in etree.fromstring(office).iter("field")}
        self.assertLessEqual(set(SET_BY_PEOPLE), page)
