from odoo.tests import Form, new_test_user, tagged

from odoo.addons.sicantik_connector.tests.common import SicantikCase

LINK = "https://perizinan.example.test/perpanjangan?jenis=1#baru"


@tagged("post_install", "-at_install", "sicantik")
class TestOfficeSettings(SicantikCase):
    """SICANTIK in Odoo's own settings, for administrators."""

    def test_the_settings_page_has_the_same_fields(self):
        admin = new_test_user(
            self.env,
            "sicantik.test.admin",
            "base.group_system",
            context={"no_reset_password": True},
        )
        settings = self.env["res.config.settings"].with_user(admin)
        with Form(settings) as form:
            form.sicantik_office_name = "Kantor Contoh"
            form.sicantik_renewal_url = LINK
        form.record.execute()
        self.assertEqual(self.env.company.sicantik_office_name, "Kantor Contoh")
        self.assertEqual(self.env.company.sicantik_renewal_url, LINK)
