from odoo.tests import tagged

from .notice_case import NoticeCase

SINCE = "2026-03-08 18:00:00"  # the 9th in Jakarta
# The last line of what people of the office and officials read.
SIGNED = ">SICANTIK Companion</p>"


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesDocuments(NoticeCase):
    """What is told of documents, by e-mail and by activity, in both languages."""

    def setUp(self):
        super().setUp()
        self.config.notice_steps = ""
        kind = self.env["sicantik.permit.type"].create(
            {
                "name": "Izin Praktik Dokter",
                "name_key": "izin praktik dokter",
                "config_id": self.config.id,
                "company_id": self.config.company_id.id,
            }
        )
        self.permit = self.permit_with(
            300, permit_type_id=kind.id, issue_date=self.TODAY
        )
        self.official = self.partner("pejabat@contoh.test", name="Pejabat Contoh")
        self.operator.email = "petugas@contoh.test"

    def told(self, kind, person=None, **values):
        """One notice of ``kind``, sent: to ``person``, else to the applicant."""
        if person:
            told = self.notices._tell_people(
                self.config, kind, kind, person, permits=self.permit, **values
            )
        else:
            told = self.notices._tell(self.permit, kind, kind, **values)
        self.send()
        self.assertEqual(told.state, "sent", told.reason)
        return told

    def in_both_languages(self, kind, person, words, **values):
        """By e-mail: ``words`` of subject and text, by language."""
        for language, said in words.items():
            with self.subTest(kind=kind, language=language):
                with self.env.cr.savepoint() as savepoint:
                    self.config.company_id.sicantik_notice_language = language
                    mail = self.told(kind, person, **values).mail_id
                    text = f"{mail.subject} {mail.body_html}"
                    for word in said:
                        self.assertIn(word, text)
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_a_permit_that_is_ready(self):
        self.permit.partner_id = self.partner()
        number = self.permit.permit_number
        self.in_both_languages(
            "permit_ready",
            None,
            {
                "id": (
                    "telah selesai diproses",
                    "dapat diambil di kantor",
                    "memindai QR code pada dokumen",
                    "10 Maret 2026",
                    "Izin Praktik Dokter",
                    number,
                ),
                "en": ("is ready", "collected at the office", "10 March 2026", number),
            },
        )

    def test_documents_to_be_signed(self):
        registration = self.permit.registration_number
        item = f"Izin Praktik Dokter / PEMOHON CONTOH / {registration}"
        self.in_both_languages(
            "document_pending",
            self.operator,
            {
                "id": (
                    "1 dokumen menunggu tanda tangan digital",
                    "Silakan proses melalui dasbor",
                    "/odoo/action-",
                    item,
                    SIGNED,
                ),
                "en": (
                    "digital signature",
                    "on the dashboard",
                    "/odoo/action-",
                    item,
                    SIGNED,
                ),
            },
        )

    def test_an_approval(self):
        number = self.permit.permit_number
        link = f"/mail/view?model=sicantik.permit&amp;res_id={self.permit.id}"
        self.in_both_languages(
            "approval_required",
            self.official,
            {
                "id": (
                    "Pejabat Contoh",
                    "memerlukan persetujuan Anda",
                    "Setujui melalui",
                    "PEMOHON CONTOH",
                    number,
                    link,
                    SIGNED,
                ),
                "en": ("needs your approval", "Approve it here", number, link, SIGNED),
            },
        )

    def test_what_was_not_processed(self):
        facts = {"since": {self.permit.identity: SINCE}}
        item = "Izin Praktik Dokter / PEMOHON CONTOH / 9 "
        self.in_both_languages(
            "reminder",
            self.operator,
            {
                "id": (
                    "1 dokumen belum diproses",
                    "Segera proses",
                    "/odoo/action-",
                    f"{item}Maret 2026",
                    SIGNED,
                ),
                "en": (
                    "not processed yet",
                    "process them soon",
                    "/odoo/action-",
                    f"{item}March 2026",
                    SIGNED,
                ),
            },
            facts=facts,
        )

    def test_by_activity(self):
        """Who has no address: the office itself, or who is asked to tell others."""
        self.operator.email = self.official.email = False
        number = self.permit.permit_number
        for kind, person, summary in (
            ("permit_ready", None, "Tell the applicant that the permit is ready"),
            ("document_pending", self.operator, "Documents to be signed: 1"),
            ("reminder", self.operator, "Documents not processed yet: 1"),
            ("approval_required", self.operator, f"Approve: {number}"),
            ("approval_required", self.official, "Tell the official: Approval Needed"),
        ):
            told = self.told(kind, person)
            self.assertEqual(told.channel, "activity")
            self.assertEqual(told.activity_id.summary, summary)
            self.assertIn(number, told.activity_id.note)

    def test_a_summary_without_a_permit_is_about_the_office(self):
        permits = self.permit | self.permit_with(300)
        told = self.notices._tell_people(
            self.config, "document_pending", "2026-03-10", self.operator, None, permits
        )
        self.send()
        self.assertFalse(told.permit_id)
        self.assertEqual((told._record(), told.permit_count), (self.config, 2))
        self.assertIn("2 dokumen", told.mail_id.subject)

    def test_a_permit_that_ended_is_not_ready_any_more(self):
        told = self.notices._tell(self.permit, "permit_ready", "x")
        self.permit.status = "cancelled"
        self.send()
        self.assertEqual((told.state, told.reason_code), ("cancelled", "changed"))

    def test_an_applicant_gets_no_links_into_odoo(self):
        told = self.told("permit_ready")
        self.assertFalse(told.dashboard_link or told.approval_link or told.detail_link)
