from odoo.tests import tagged

from .whatsapp_case import WhatsappCase


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappDocuments(WhatsappCase):
    """What is told of documents by WhatsApp, in both languages."""

    def setUp(self):
        super().setUp()
        self.config.notice_steps = ""
        self.agreeing(self.operator.partner_id, "+6283601000201")
        self.official = self.agreed("+6283601000202", name="Pejabat Contoh")
        self.permit = self.permit_with(
            300, partner_id=self.agreed().id, issue_date=self.TODAY
        )

    def message(self, kind, person, **values):
        values = {"permits": self.permit, **values}
        told = self.notices._tell_people(self.config, kind, kind, person, **values)
        self.send()
        self.assertEqual(told.channel, "whatsapp", told.reason)
        return told.whatsapp_message_ids

    def said(self, kind, person=None, **values):
        """What is written, by language."""
        texts = {}
        for language in ("id", "en"):
            with self.env.cr.savepoint() as savepoint:
                self.config.company_id.sicantik_notice_language = language
                if person:
                    message = self.message(kind, person, **values)
                else:
                    told = self.notices._tell(self.permit, kind, kind)
                    self.send()
                    message = told.whatsapp_message_ids
                texts[language] = message.message
                savepoint.rollback()
            self.env.invalidate_all()
        return texts

    def test_each_kind_in_each_language(self):
        number = self.permit.permit_number
        since = {"since": {self.permit.identity: "2026-03-09 03:00:00"}}
        for kind, person, facts, words in (
            (
                "permit_ready",
                None,
                None,
                ("telah selesai diproses. Jenis: -.", "the permit is ready", number),
            ),
            (
                "document_pending",
                self.operator,
                None,
                (
                    "ada 1 dokumen menunggu tanda tangan digital. PEMOHON",
                    "1 wait for a digital signature",
                    self.permit.registration_number,
                ),
            ),
            (
                "approval_required",
                self.official,
                None,
                (
                    "Yth. Pejabat Contoh, dokumen berikut memerlukan",
                    "Dear Pejabat Contoh, the following document",
                    number,
                ),
            ),
            (
                "reminder",
                self.operator,
                since,
                ("Pengingat: 1 dokumen belum", "1 documents are not", "9 Mar"),
            ),
        ):
            values = {"facts": facts} if facts else {}
            said = self.said(kind, person, **values)
            indonesian, english, both = words
            self.assertIn(indonesian, said["id"])
            self.assertIn(english, said["en"])
            for text in said.values():
                self.assertIn(both, text)
                self.assertRegex(text, r"SICANTIK Companion\.$")

    def test_items_are_never_cut_in_two(self):
        permits = self.permits.union(*(self.permit_with(300) for _n in range(9)))
        permits.applicant_name = "PEMOHON YANG PANJANG SEKALI NAMANYA DAN LENGKAP"
        message = self.message("document_pending", self.operator, permits=permits)
        count, items, _link = message.parameters
        self.assertEqual(count, "9")
        self.assertLessEqual(len(items), 200)
        self.assertRegex(items, r"/ 0306250\d{4}$")

    def test_the_key_names_facts_only(self):
        """Told again by an Odoo that was restored, with other ids, it is the same."""

        def key(kind, person, **values):
            with self.env.cr.savepoint() as savepoint:
                facts = {"identity": "N\x1fsame", "permit_number": "503/SAME/2026"}
                permit = self.permit_with(300, issue_date=self.TODAY, **facts)
                values = {"permits": permit, **values}
                key = self.message(kind, person, **values).content
                savepoint.rollback()
            self.env.invalidate_all()
            return key

        for kind, person in (
            ("permit_ready", self.operator),
            ("document_pending", self.operator),
            ("approval_required", self.official),
            ("reminder", self.operator),
        ):
            first = key(kind, person)
            self.clock.tick(60)
            self.assertEqual(key(kind, person), first, kind)
        number = {"about": self.official, "facts": {"reference": "503/1"}}
        first = key("document_pending", self.operator, **number)
        self.official.name = "Nama Lain"
        self.assertEqual(key("document_pending", self.operator, **number), first)
        number["facts"] = {"reference": "503/2"}
        self.assertNotEqual(key("document_pending", self.operator, **number), first)
        one = key("approval_required", self.official, facts={"since": "2026-03-01"})
        two = key("approval_required", self.official, facts={"since": "2026-03-02"})
        self.assertNotEqual(one, two)
