from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.sicantik_connector.tests.common import SicantikCase

NUMBER = "+6283601000301"
VIEW = "base.view_users_form_simple_modif"


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappPreferences(SicantikCase):
    """Everybody of the office answers for themselves, and nobody for others."""

    def setUp(self):
        super().setUp()
        self.employee = self._user("employee", "base.group_user")
        self.colleague = self._user("colleague", "base.group_user")
        self.portal = self._user("visitor", "base.group_portal")

    def mine(self, user=None):
        user = user or self.employee
        return user.with_user(user)

    def test_in_the_form_of_the_preferences(self):
        for user in (self.employee, self.viewer, self.manager):
            with Form(self.mine(user), view=VIEW) as form:
                self.assertEqual(form.sicantik_whatsapp_consent, "unknown")
                form.sicantik_whatsapp_consent = "opted_in"
                form.sicantik_whatsapp_number = "0836 0100 0301"
            partner = user.partner_id
            self.assertEqual(partner.whatsapp_number, NUMBER)
            self.assertEqual(partner.whatsapp_consent, "opted_in")
            self.assertEqual(partner.whatsapp_consent_source, "preferences")
            self.assertTrue(partner.whatsapp_consent_date)
            self.assertEqual(self.mine(user).sicantik_whatsapp_consent, "opted_in")

    def test_it_leaves_the_same_history(self):
        self.mine().write({"sicantik_whatsapp_consent": "opted_in"})
        self.mine().write({"sicantik_whatsapp_consent": "opted_out"})
        notes = self.employee.partner_id.message_ids
        said = notes.filtered(lambda note: "WhatsApp notices" in (note.body or ""))
        self.assertEqual(len(said), 2)
        self.assertEqual(said.author_id, self.employee.partner_id)
        self.assertIn("Own Preferences", said[0].body)
        self.mine().write({"sicantik_whatsapp_consent": "opted_out"})
        self.assertEqual(self.employee.partner_id.message_ids, notes, "nothing new")

    def test_an_answer_may_be_taken_back(self):
        self.mine().write({"sicantik_whatsapp_consent": "opted_in"})
        for nothing in ("unknown", False):
            self.mine().write({"sicantik_whatsapp_consent": nothing})
            self.assertEqual(self.employee.partner_id.whatsapp_consent, "unknown")

    def test_a_number_that_is_none(self):
        with self.assertRaises(UserError):
            self.mine().write({"sicantik_whatsapp_number": "besok"})
        self.mine().write({"sicantik_whatsapp_number": NUMBER})
        self.mine().write({"sicantik_whatsapp_number": False})
        self.assertFalse(self.employee.partner_id.whatsapp_number)

    def test_nobody_answers_for_somebody_else(self):
        admin = self._user("system", "base.group_system,base.group_erp_manager")
        values = (
            {"sicantik_whatsapp_consent": "opted_in"},
            {"sicantik_whatsapp_number": NUMBER},
        )
        for user in (self.colleague, self.operator, self.manager, admin):
            for vals in values:
                with self.assertRaises(AccessError):
                    self.employee.with_user(user).write(vals)
        self.assertEqual(self.employee.partner_id.whatsapp_consent, "unknown")

    def test_nobody_reads_the_answer_of_somebody_else(self):
        self.mine().write(
            {
                "sicantik_whatsapp_consent": "opted_in",
                "sicantik_whatsapp_number": NUMBER,
            }
        )
        names = ["sicantik_whatsapp_consent", "sicantik_whatsapp_number"]
        for user in (self.colleague, self.manager):
            seen = self.employee.with_user(user).read(names)[0]
            self.assertFalse(any(seen[name] for name in names))
        self.assertEqual(self.mine().read(names)[0][names[1]], NUMBER)

    def test_visitors_do_not_answer_here(self):
        with self.assertRaises(AccessError):
            self.mine(self.portal).write({"sicantik_whatsapp_consent": "opted_in"})
        self.assertFalse(self.mine(self.portal).sicantik_whatsapp_consent)

    def test_no_further_rights_come_with_it(self):
        partner = self.employee.partner_id.with_user(self.employee)
        with self.assertRaises(AccessError):
            partner._set_whatsapp_consent("opted_in", "preferences")
        with self.assertRaises(AccessError):
            partner.read(["whatsapp_consent"])

    def test_the_fields_stand_in_the_form(self):
        arch = self.mine().get_view(self.env.ref(VIEW).id, "form")["arch"]
        names = {node.get("name") for node in etree.fromstring(arch).iter("field")}
        for name in ("sicantik_whatsapp_consent", "sicantik_whatsapp_number"):
            self.assertIn(name, names)

    def test_the_wizard_does_not_offer_it(self):
        wizard = self.env["sicantik.whatsapp.consent"]
        offered = dict(wizard._fields["source"].selection)
        self.assertNotIn("preferences", offered)
