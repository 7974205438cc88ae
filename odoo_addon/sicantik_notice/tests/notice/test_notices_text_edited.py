from contextlib import contextmanager

from lxml import etree

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.sicantik_connector.tools.compat import USER_GROUPS_FIELD

from .notice_case import NoticeCase

KINDS = ("permit_expiring", "renewal_approved", "status_update")


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesTextEdited(NoticeCase):
    """Managers edit the texts of notices: words and fields, no code, nothing else."""

    def setUp(self):
        super().setUp()
        self.text = self.template("permit_expiring_id")
        self.own = self.text.with_user(self.manager)

    def template(self, name):
        return self.env.ref(f"sicantik_notice.mail_template_{name}")

    def mail(self):
        permit = self.permit_with(30, partner_id=self.partner().id)
        self.run_action()
        return self.mails(permit)

    def test_a_manager_changes_what_applicants_read(self):
        self.own.write(
            {
                "subject": "Izin {{ object.permit_number }} akan berakhir",
                "body_html": '<p>Selamat pagi <t t-out="object.applicant_name"/>'
                '<t t-if="object.days_left and not object.renewal_link">, segera'
                '</t><t t-elif="object.days_left &gt; 1">!</t><t t-else="">.</t></p>',
            }
        )
        mail = self.mail()
        self.assertEqual(mail.subject, "Izin 503/0001/CTH/2025 akan berakhir")
        self.assertIn("Selamat pagi PEMOHON CONTOH, segera", mail.body_html)

    def test_every_text_can_be_saved_as_it_comes(self):
        for name in (f"{kind}_{code}" for kind in KINDS for code in ("id", "en")):
            text = self.template(name)
            before = text.body_html
            text.with_user(self.manager).body_html = before + "<p>Salam</p>"
            self.assertIn("Salam", text.body_html, name)

    def test_the_page_is_the_one_that_a_manager_may_save(self):
        action = self.env.ref("sicantik_notice.sicantik_notice_template_action")
        view = self.env.ref("sicantik_notice.sicantik_notice_text_view_form")
        self.assertEqual([mode for _id, mode in action.views], ["list", "form"])
        self.assertEqual(action.views[1][0], view.id)
        with Form(self.own, view) as form:
            form.subject = "Izin Anda"
        self.assertEqual(self.text.subject, "Izin Anda")
        arch = etree.fromstring(self.own.get_view(view.id, "form")["arch"])
        for name in ("name", "model_id", "attachment_ids"):
            self.assertTrue(arch.xpath(f"//field[@name='{name}'][@readonly]"), name)

    def test_no_code_stands_in_a_text(self):
        before = self.text.body_html
        for wrong in (
            '<p t-out="object.env.user.name"/>',
            '<p t-out="object.sudo().config_id.api_key_stored"/>',
            '<p t-out="object.config_id.api_key_stored"/>',
            '<p t-out="object.partner_id.vat"/>',
            '<p t-out="object.unlink"/>',
            '<p t-out="object.facts"/>',
            '<p t-out="user.login"/>',
            '<p T-OUT="object.unlink()"/>',
            '<p t-esc="object.permit_number"/>',
            '<p t-raw="object.permit_number"/>',
            '<t t-set="x" t-value="object.unlink()"/>',
            '<t t-foreach="[1]" t-as="x">x</t>',
            '<t t-call="base.contact"/>',
            '<p t-att-style="object.permit_number"/>',
            '<p t-att="{}"/>',
            '<p t-attf-title="{{ object.unlink() }}"/>',
            '<p t-if="object.permit_number and object.unlink()">x</p>',
            '<p t-if="object.permit_number == object.unlink()">x</p>',
            '<p t-if="object.days_left">x</p><p t-else="object.unlink()">x</p>',
            '<p t-if="object.days_left">x</p><p t-elif="user.login">x</p>',
            '<a t-att-href="object.permit_id.notes">x</a>',
            '<p t-out="object.permit_number" t-options="{}"/>',
            '<p t-out="object.permit_number"><b t-out="object.unlink()"/></p>',
        ):
            with self.subTest(wrong=wrong), self.assertRaises(AccessError):
                self.own.body_html = f"<div>{wrong}</div>"
            with self.subTest(wrong=wrong), self.assertRaises(AccessError):
                self.own.update_field_translations(
                    "body_html", {"en_US": f"<div>{wrong}</div>"}
                )
            self.env.invalidate_all()
        for wrong in ("{{ object.unlink() }}", "{{ user.login }}", "{{ 1 + 1 }}"):
            with self.subTest(wrong=wrong), self.assertRaises(AccessError):
                self.own.subject = wrong
        with self.assertRaises(AccessError):
            self.own.create(
                {
                    "name": "Baru",
                    "model_id": self.env["ir.model"]._get_id("sicantik.notice"),
                    "body_html": '<p t-out="object.unlink()"/>',
                }
            )
        self.text.invalidate_recordset()
        self.assertEqual(self.text.body_html, before)

    def test_a_text_that_cannot_be_filled_in_is_refused_at_once(self):
        """Whether there are notices or not; else it would fail when one is due."""
        self.assertFalse(self.notices.search([]))
        before = self.text.body_html
        for wrong in (
            '<p t-elif="object.days_left">x</p>',
            '<p t-else="">x</p>',
            '<p t-if="object.days_left">x</p><b>y</b><p t-elif="object.years">x</p>',
            '<p t-if="object.permit_number &gt; 3">x</p>',
            "<p>{{ object.permit_number }}</p>",
        ):
            with self.refused("Body", wrong):
                self.own.body_html = f"<div>{wrong}</div>"
            with self.refused("Body", wrong):
                self.own.update_field_translations(
                    "body_html", {"en_US": f"<div>{wrong}</div>"}
                )
        for wrong in ("{{ object.permit_number > 3 }}", "{{ object.permit_number }"):
            with self.refused("Subject", wrong):
                self.own.subject = wrong
        self.assertEqual(self.text.body_html, before)

    @contextmanager
    def refused(self, name, wrong):
        """What the block stores cannot be filled in; the officer is told where."""
        told = self.assertRaisesRegex(ValidationError, f"{name} .* cannot be filled in")
        with self.subTest(wrong=wrong), told, self.env.cr.savepoint():
            yield

    def test_a_manager_changes_nothing_else_of_a_template(self):
        partner = self.env.ref("base.partner_admin")
        for values in (
            {"name": "Lain"},
            {"email_from": "lain@contoh.test"},
            {"email_to": "lain@contoh.test"},
            {"partner_to": str(partner.id)},
            {"reply_to": "lain@contoh.test"},
            {"user_id": self.manager.id},
            {"model_id": self.env["ir.model"]._get_id("res.users")},
            {"attachment_ids": [(0, 0, {"name": "x"})]},
            {"subject": "x", "email_cc": "lain@contoh.test"},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.own.write(values)
        with self.assertRaises(AccessError):
            self.own.unlink()
        foreign = self.env["mail.template"].create(
            {"name": "x", "model_id": self.env["ir.model"]._get_id("res.partner")}
        )
        with self.assertRaises(AccessError):
            foreign.with_user(self.manager).subject = "x"

    def test_who_else_edits_them(self):
        for user in (self.viewer, self.operator):
            with self.assertRaises(AccessError, msg=user.login):
                self.text.with_user(user).subject = "x"
        self.assertFalse(self.manager.has_group("mail.group_mail_template_editor"))
        editors = self.env.ref("mail.group_mail_template_editor")
        self.manager.write({USER_GROUPS_FIELD: [(4, editors.id)]})
        self.own.write({"name": "Lain", "body_html": '<p t-out="user.login"/>'})
        self.assertEqual(self.text.name, "Lain")
