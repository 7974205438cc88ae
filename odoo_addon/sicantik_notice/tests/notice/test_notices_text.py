import re
from datetime import date
from itertools import product
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import html2plaintext

from ...models.notice.notice import KINDS
from ...models.res_company import OFFICE_FIELDS
from .notice_case import NoticeCase

LINK = "https://perizinan.example.test/perpanjangan?jenis=1"
FACTS = {"old": "active", "new": "cancelled"}
# Each setting of the office, and another value than the tests' own.
SETTINGS = {
    "sicantik_office_name": "KANTOR LAIN",
    "sicantik_contact": "0800 000 0000",
    "sicantik_renewal_url": LINK,
    "sicantik_notice_language": "en",
}
# What the e-mails of each kind have to say; the office's name stands around them.
SAID = {
    "permit_expiring": "applicant_name permit_type_name permit_number expiry_words "
    "days_left renewal_link contact_text",
    "renewal_approved": "applicant_name permit_type_name permit_number issue_words "
    "expiry_words years download_link",
    "status_update": "registration_number old_status_words new_status_words "
    "moment_words detail_link",
    "status_update_staff": "registration_number old_status_words new_status_words "
    "moment_words detail_link",
    "permit_ready": "applicant_name permit_type_name permit_number issue_words "
    "download_link",
    "document_pending": "permit_count permit_items dashboard_link",
    "approval_required": "recipient_name permit_type_name applicant_name permit_number "
    "approval_link",
    "reminder": "permit_count permit_items dashboard_link",
}
# What a missing value would leave behind in a sentence.
HOLES = re.compile(r"\s[,.;)]|: *$|:\s*\.|\(\s*\)|False|None|\{\{|  ", re.MULTILINE)


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesText(NoticeCase):
    """What applicants read."""

    def written(self, kind="permit_expiring", days=30, **values):
        """Subject and text of one notice, as plain text."""
        values = {"partner_id": self.partner().id, "issue_date": self.TODAY, **values}
        if kind == "status_update":
            values["status"] = FACTS["new"]
        permit = self.permit_with(days, **values)
        self.notices._tell(permit, kind, "x", facts=FACTS)
        self.send()
        mail = self.mails(permit)
        self.html = mail.body_html.replace("&amp;", "&")
        text = re.sub(r"\[\d+\]|\*", "", html2plaintext(mail.body_html))
        return mail.subject, text.split("\n\n[", 1)[0]

    def assertWhole(self, text):
        lines = "\n".join(line.strip() for line in text.splitlines())
        self.assertIsNone(HOLES.search(lines), repr(lines))

    def set_office(self, **values):
        self.config.company_id.write({f"sicantik_{k}": v for k, v in values.items()})

    def test_the_reminder_says_everything(self):
        self.set_office(renewal_url=LINK, contact="0800 000 0000")
        subject, text = self.written()
        self.assertEqual(subject, "Pengingat masa berlaku izin 503/0001/CTH/2025")
        for words in (
            "Yth. Bapak/Ibu PEMOHON CONTOH,",
            "Izin Anda akan segera berakhir.",
            "503/0001/CTH/2025",
            "9 April 2026",
            "30 hari",
            "sanksi administrasi",
            "Ajukan Perpanjangan",
            "Kontak: 0800 000 0000",
            "DPMPTSP Kabupaten Contoh",
        ):
            self.assertIn(words, text)

    def test_no_setting_of_the_office_is_without_effect(self):
        self.assertEqual(set(SETTINGS), set(OFFICE_FIELDS))
        _subject, before = self.written()
        for name, value in SETTINGS.items():
            self.config.company_id[name] = value
            _subject, after = self.written()
            numbers = (re.sub(r"503/\d+", "", text) for text in (before, after))
            self.assertNotEqual(*numbers, name)
            before = after

    def test_no_text_has_a_hole_whatever_is_missing(self):
        nothing = dict.fromkeys(
            ("applicant_name", "permit_number", "issue_date"), False
        )
        for language, kind, bare in product(("id", "en"), dict(KINDS), (False, True)):
            self.set_office(
                notice_language=language,
                renewal_url=not bare and LINK,
                contact=not bare and "0800 000 0000",
            )
            if bare:
                self.config.company_id.write({"phone": False, "email": "a@contoh.test"})
            partner = self.partner(name="x", company_name=False)
            values = {**(nothing if bare else {}), "partner_id": partner.id}
            with self.subTest(language=language, kind=kind, bare=bare):
                subject, text = self.written(kind, **values)
                self.assertWhole(subject)
                self.assertWhole(text)
                linked = kind == "permit_expiring" and not bare
                self.assertEqual(LINK in self.html, linked)

    def test_every_text_says_all_that_its_kind_has_to(self):
        self.assertLessEqual(set(dict(KINDS)), set(SAID))
        for kind, language in product(SAID, ("id", "en")):
            text = self.env.ref(f"sicantik_notice.mail_template_{kind}_{language}")
            shown = set(re.findall(r't-out="object\.(\w+)"', text.body_html))
            missing = set(SAID[kind].split()) - shown
            self.assertFalse(missing, f"{kind}, {language}")

    def test_a_new_status_leads_to_where_the_permit_is_published(self):
        """To nowhere while no addon publishes permits."""

        def published(notices):
            notices.download_link = LINK

        for language, words in (("id", "Detail"), ("en", "Details")):
            self.set_office(notice_language=language)
            with self.subTest(language=language):
                _subject, text = self.written("status_update")
                self.assertNotIn(f"{words}:", text)
                with patch.object(
                    type(self.notices), "_compute_download_link", published
                ):
                    _subject, text = self.written("status_update")
                self.assertIn(f"{words}: {LINK}", text)
                self.assertIn(f'href="{LINK}"', self.html)

    def test_the_last_day(self):
        _subject, text = self.written(days=0)
        self.assertIn("berakhir hari ini", text)
        self.assertNotIn("Sisa waktu", text)

    def test_the_language_is_a_setting(self):
        self.set_office(notice_language="en")
        subject, text = self.written(days=1)
        self.assertIn("is about to expire", subject)
        self.assertIn("1 day\n", text + "\n")
        self.set_office(notice_language="contact")
        for code, words in (("en_US", "Dear"), (False, "Yth.")):
            partner = self.partner(lang=code)
            _subject, text = self.written(partner_id=partner.id)
            self.assertIn(words, text)

    def test_an_office_edits_its_text_in_its_own_language(self):
        self.env["res.lang"]._activate_lang("id_ID")
        template = self.env.ref("sicantik_notice.mail_template_permit_expiring_id")
        template.with_context(lang="id_ID").body_html = "<p>Selamat pagi</p>"
        self.assertIn("Selamat pagi", self.written()[1])
        template = self.env.ref("sicantik_notice.mail_template_permit_expiring_en")
        template.with_context(lang="en_US").body_html = "<p>Good morning</p>"
        self.set_office(notice_language="en")
        self.assertIn("Good morning", self.written()[1])

    def test_a_text_with_an_error_fails_and_says_so(self):
        template = self.env.ref("sicantik_notice.mail_template_permit_expiring_id")
        template.body_html = '<p t-out="object.nix"/>'
        permit = self.permit_with(90, partner_id=self.partner().id)
        other = self.permit_with(90)
        self.run_action()
        self.assertNotices(permit, s90="failed")
        self.assertEqual(self.about(permit).reason_code, "bad_text")
        self.assertNotices(other, s90="sent")
        template.unlink()
        permit = self.permit_with(90, partner_id=self.partner().id)
        self.run_action()
        self.assertEqual(self.about(permit).reason_code, "no_text")

    def test_a_renewal_names_its_years_when_they_are_whole(self):
        for issued, words in ((date(2021, 4, 9), "(5 tahun)"), (date(2021, 5, 1), "")):
            _subject, text = self.written("renewal_approved", issue_date=issued)
            self.assertEqual("tahun" in text, bool(words))
            self.assertIn(words, text)
