from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.sicantik_connector.tests.common import SicantikCase, row_of

OLD, NEW = "lama@contoh.test", "baru@contoh.test"


@tagged("post_install", "-at_install", "sicantik")
class TestContactAddress(SicantikCase):
    """Operators correct the addresses of applicants, and of nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = cls._user("portal", "base.group_portal")
        cls.employee = cls._user("employee", "base.group_user")
        cls.other = cls.another_office()

    def setUp(self):
        super().setUp()
        self.person = self.env["res.partner"].create(
            {"name": "PEMOHON CONTOH", "email": OLD}
        )
        self.upsert(self.start(), row_of("1", "503/1"), row_of("2", "503/2"))
        self.hold(self.person)

    def hold(self, partner):
        """The permit whose contact ``partner`` is."""
        self.permit("1").partner_id = partner
        return self.permit("1")

    def page(self, user=None, partner=None):
        """The page as the button opens it, not yet saved."""
        partner = (partner or self.person).with_user(user or self.operator)
        action = partner.action_sicantik_address()
        wizards = self.env[action["res_model"]].with_user(partner.env.user)
        return wizards.with_context(**action["context"])

    def correct(self, **values):
        self.page().create(values).action_save()

    def test_an_operator_corrects_the_address_that_failed(self):
        for user, number in ((self.operator, "0812 3456 7890"), (self.manager, False)):
            with Form(self.page(user)) as form:
                self.assertEqual(form.email, self.person.email)
                form.email = f" {user.login}@Contoh.test "
                form.whatsapp_number = number
            form.record.action_save()
            self.assertEqual(self.person.email, f"{user.login}@contoh.test")
        self.assertFalse(self.person.whatsapp_number)
        with self.assertRaises(AccessError):
            self.person.with_user(self.operator).email = NEW

    def test_the_chatter_says_who_changed_what(self):
        self.env.flush_all()
        self.cr.precommit.run()
        before = self.person.message_ids
        self.correct(email=NEW, whatsapp_number="081234567890")
        self.env.flush_all()
        self.cr.precommit.run()
        note = self.person.message_ids - before
        self.assertEqual(note.author_id, self.operator.partner_id)
        changes = {
            value.field_id.name: (value.old_value_char, value.new_value_char)
            for value in note.tracking_value_ids
        }
        self.assertEqual(changes.pop("email"), (OLD, NEW))
        self.assertEqual(changes.pop("whatsapp_number")[1], "+6281234567890")
        self.assertFalse(changes)

    def test_the_reasons_of_a_wrong_address_name_the_button(self):
        self.env["res.lang"]._activate_lang("id_ID")
        addon = self.env["ir.module.module"].search([("name", "=", "sicantik_notice")])
        addon._update_translations(["id_ID"])
        view = self.env.ref("sicantik_notice.sicantik_notice_view_form")
        notices, names = self.env["sicantik.notice"].with_user(self.operator), set()
        for lang in ("en_US", "id_ID"):
            read = notices.with_context(lang=lang)
            arch = etree.fromstring(read.get_view(view.id, "form")["arch"])
            [button] = arch.xpath("//button[@name='action_contact_address']")
            names.add(button.get("string"))
            for code in ("no_address", "mail"):
                reason = read.new({"reason_code": code}).reason
                self.assertIn(button.get("string"), reason, (lang, code))
        self.assertEqual(len(names), 2)

    def test_what_is_no_address_is_refused_in_words(self):
        several = "a@contoh.test, b@contoh.test", "a@contoh.test b@contoh.test"
        for wrong in (*several, "pemohon", "@contoh.test", "a @contoh.test", "a@b"):
            with self.assertRaisesRegex(UserError, "name@example.com"):
                self.correct(email=wrong)
        for wrong in ("12345", "081234567890/081355556666"):
            with self.assertRaisesRegex(ValidationError, "example \\+62836"):
                self.correct(whatsapp_number=wrong)
        self.assertEqual(self.person.email, OLD)

    def test_nobody_else_s_change_is_lost(self):
        page = self.page().create({"email": NEW})
        self.person.whatsapp_number = "+6281355556666"
        page.action_save()
        self.assertEqual(self.person.email, NEW)
        self.assertEqual(self.person.whatsapp_number, "+6281355556666", "not touched")
        page = self.page().create({"email": OLD})
        self.person.email = "ketiga@contoh.test"
        with self.assertRaisesRegex(UserError, "ketiga@contoh.test"):
            page.action_save()
        self.assertEqual(self.person.email, "ketiga@contoh.test")

    def test_only_operators_correct_it(self):
        for user in (self.portal, self.employee, self.viewer, self.worker):
            with self.assertRaises(AccessError, msg=user.login):
                self.person.with_user(user).action_sicantik_address()
            with self.assertRaises(AccessError, msg=user.login):
                self.env["sicantik.contact.address"].with_user(user).create(
                    {"partner_id": self.person.id, "email": NEW}
                )
            with self.assertRaises(AccessError, msg=user.login):
                self.person.with_user(user)._set_sicantik_address({}, {})

    def test_the_address_of_an_account_is_nobody_s_business(self):
        """Whoever changes it could have its password sent to themselves."""
        archived = self._user("archived", "base.group_user")
        archived.active = False
        for partner in (
            self.manager.partner_id,
            self.operator.partner_id,
            self.portal.partner_id,
            archived.partner_id,
            self.env.ref("base.user_admin").partner_id,
            self.config.company_id.partner_id,
        ):
            page = self.page().create({"email": NEW})
            self.hold(partner)
            before = partner.email
            page.partner_id = partner
            with self.assertRaisesRegex(UserError, "administrator"):
                page.action_save()
            with self.assertRaisesRegex(UserError, "administrator"):
                partner.with_user(self.operator).action_sicantik_address()
            self.assertEqual(partner.email, before)
            self.hold(self.person)

    def test_of_a_contact_chosen_by_hand_only_what_is_empty_is_entered(self):
        """Else an operator could choose a supplier, and have the invoices."""
        supplier = self.env["res.partner"].create({"name": "PEMASOK", "email": OLD})
        self.permit("2").with_user(self.operator).partner_id = supplier
        page = self.page(partner=supplier).create({"email": NEW})
        with self.assertRaisesRegex(UserError, "chosen for the permit by hand"):
            page.action_save()
        page = self.page(partner=supplier).create({"whatsapp_number": "081234567890"})
        page.action_save()
        self.assertEqual(supplier.email, OLD)
        self.assertEqual(supplier.whatsapp_number, "+6281234567890")

    def test_a_contact_of_two_offices_is_an_administrator_s(self):
        permits = self.env["sicantik.permit"]
        permits.create(
            {
                "config_id": self.other.id,
                "company_id": self.other.company_id.id,
                "identity": "N9",
                "registration_number": "9",
                "partner_id": self.person.id,
            }
        )
        with self.assertRaisesRegex(UserError, "another office"):
            self.person.with_user(self.operator).action_sicantik_address()

    def test_only_contacts_of_one_s_own_permits(self):
        stranger = self.env["res.partner"].create({"name": "KONTAK LAIN"})
        with self.assertRaisesRegex(UserError, "holds no permit"):
            self.page(partner=stranger)
        permit = self.permits.create(
            {
                "config_id": self.other.id,
                "company_id": self.other.company_id.id,
                "identity": "N\x1f9\x1f503/9",
                "registration_number": "9",
            }
        )
        permit.partner_id = stranger
        with self.assertRaisesRegex(UserError, "holds no permit"):
            self.page(partner=stranger)
        stranger.company_id = self.other.company_id
        with self.assertRaises(AccessError):
            self.page(partner=stranger)

    def test_the_permit_and_the_notice_lead_there_too(self):
        permit = self.permit("1").with_user(self.operator)
        notices = self.env["sicantik.notice"]
        notice = notices.create(
            {
                **notices._about(permit),
                "config_id": self.config.id,
                "company_id": self.config.company_id.id,
                "kind": "permit_expiring",
                "event": "2026-01-01",
                "recipient_key": f"partner:{self.person.id}",
                "partner_id": self.person.id,
                "state": "failed",
                "date_due": "2026-01-01 02:00:00",
            }
        )
        for record in (permit, notice.with_user(self.operator)):
            context = record.action_contact_address()["context"]
            self.assertEqual(context, {"default_partner_id": self.person.id})
            with self.assertRaises(AccessError):
                record.with_user(self.viewer).action_contact_address()
        nobody = self.permit("2").with_user(self.operator)
        self.assertFalse(nobody.action_contact_address())
        for addon, view in (("connector", "permit"), ("notice", "notice")):
            ref = f"sicantik_{addon}.sicantik_{view}_view_form"
            model = f"sicantik.{view}"
            for user, count in ((self.operator, 1), (self.viewer, 0)):
                arch = (
                    self.env[model]
                    .with_user(user)
                    .get_view(self.env.ref(ref).id, "form")["arch"]
                )
                self.assertEqual(arch.count("action_contact_address"), count)
