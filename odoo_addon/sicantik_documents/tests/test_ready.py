from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .documents_case import DocumentsCase

ADDRESS = "https://perizinan.contoh.test"
FIRST, SECOND = date(2026, 3, 10), date(2031, 3, 10)


@tagged("post_install", "-at_install", "sicantik")
class TestReady(DocumentsCase):
    """That a permit is ready is told once for each issue date."""

    def setUp(self):
        super().setUp()
        freezer = freeze_time("2026-03-10 03:00:00")  # 10:00 in Jakarta
        freezer.start()
        self.addCleanup(freezer.stop)
        self.config.write(
            {
                "go_live_date": "2025-01-01",
                "user_id": self.operator.id,
                "worker_public_address": ADDRESS,
            }
        )
        partner = {"name": "Pemohon Contoh", "email": "pemohon@contoh.test"}
        self.permit_1.write(
            {
                "partner_id": self.env["res.partner"].create(partner).id,
                "issue_date": FIRST,
                "registered_month": "2026-03-01",
            }
        )

    def told(self, permit=None):
        """The notices that a permit is ready, but for those that were taken back."""
        notices = self.env["sicantik.notice"].search(
            [
                ("permit_id", "=", (permit or self.permit_1).id),
                ("kind", "=", "permit_ready"),
            ]
        )
        return notices.filtered(lambda notice: notice.state != "cancelled")

    def ready(self, document=None, **values):
        document = document or self.document(**values)
        document.with_user(self.operator).action_ready()
        return document

    def test_a_date_that_becomes_known_is_told(self):
        self.permit_1.write({"issue_date": False, "registered_month": "2024-12-01"})
        self.ready()
        self.assertFalse(self.told(), "it may be an old one")
        self.permit_1.issue_date = FIRST
        self.cr.precommit.run()
        self.assertEqual(len(self.told()), 1)

    def test_documents_of_a_permit_that_is_absorbed_make_the_other_ready(self):
        self.permit_2.write({"status": "cancelled", "issue_date": FIRST})
        self.ready(permit=self.permit_2)
        self.assertFalse(self.told(self.permit_2) | self.told())
        self.permit_1._absorb(self.permit_2)
        self.assertEqual(len(self.told()), 1)

    def test_it_is_told_once_for_an_issue_date(self):
        document = self.document()
        self.assertFalse(self.told())
        self.ready(document)
        told = self.told()
        self.assertEqual((len(told), told.partner_id), (1, self.permit_1.partner_id))
        self.ready()
        self.assertEqual(self.told(), told, "a further document")
        told.state = "sent"
        document.with_user(self.operator).action_draft()
        self.ready(document)
        self.permit_1.partner_id = False
        self.ready()
        self.assertEqual(self.told(), told, "ready once more, whoever the contact is")
        self.permit_1.issue_date = SECOND
        self.assertEqual(self.told(), told, "its document is that of before")
        self.ready()
        self.assertEqual(len(self.told()), 2)

    def test_a_date_that_becomes_known_later_is_no_other_one(self):
        self.permit_1.issue_date = False
        self.ready()
        told = self.told()
        self.assertEqual(len(told), 1)
        self.permit_1.issue_date = FIRST
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sicantik_notice SET create_date = '2026-03-11' WHERE id = %s",
            [told.id],
        )
        self.env.invalidate_all()
        self.ready()
        self.assertEqual(self.told(), told)
        self.permit_1.issue_date = SECOND
        self.ready()
        self.assertEqual(len(self.told()), 2)
        self.permit_1.issue_date = False
        self.ready()
        self.assertEqual(len(self.told()), 2, "a date that is gone is no new one")

    def test_many_at_once(self):
        self.permit_2.write({"issue_date": FIRST, "registered_month": "2026-03-01"})
        documents = self.document() | self.document(self.permit_2) | self.document()
        documents.with_user(self.operator).action_ready()
        self.assertEqual((len(self.told()), len(self.told(self.permit_2))), (1, 1))

    def test_what_is_taken_back_before_anybody_knew_is_told_later(self):
        document = self.ready()
        first = self.told()
        document.with_user(self.operator).action_draft()
        self.assertEqual((first.state, first.reason_code), ("cancelled", "changed"))
        self.ready(document)
        again = self.told()
        self.assertEqual((len(again), again.state), (1, "due"))
        # With another document that is handed out it stays true.
        other = self.ready()
        document.with_user(self.operator)._withdraw("salah")
        self.assertEqual(self.told(), again)
        other.with_user(self.operator)._withdraw("salah")
        self.assertFalse(self.told())

    def test_a_permit_that_is_not_valid_is_not_ready(self):
        for status in ("cancelled", "expired", "renewed"):
            self.permit_1.status = status
            document = self.ready()
            self.assertFalse(self.told(), status)
            document.with_user(self.operator).action_draft()
        document = self.ready()
        self.permit_1.status = "active"
        self.assertEqual(len(self.told()), 1, "it is valid again")

    def test_who_is_told_by_a_cancelled_permit_that_is_opened_again(self):
        self.ready()
        self.permit_1.status = "cancelled"
        self.config._send_notices()
        self.assertFalse(self.told())
        self.permit_1.status = "active"
        self.assertEqual(len(self.told()), 1)

    def test_old_permits_are_no_news(self):
        document = self.document()
        for issued, month, status, news in (
            ("2025-01-01", "2019-03-01", "active", 1),
            ("2024-12-31", "2026-03-01", "active", 0),
            (False, "2025-01-01", "active", 1),
            (False, "2024-12-01", "active", 0),
            (False, "2024-12-01", "draft", 1),
            (False, False, "active", 1),
        ):
            values = {"issue_date": issued, "registered_month": month}
            with self.subTest(status=status, **values):
                self.permit_1.write({**values, "status": status})
                self.ready(document)
                self.assertEqual(len(self.told()), news)
                document.with_user(self.operator).action_draft()

    def test_an_office_that_is_not_live_tells_nothing(self):
        self.config.go_live_date = False
        self.ready()
        self.assertFalse(self.told())

    def test_where_the_office_signs_the_signed_version_is_told(self):
        signs = type(self.documents)
        self.patch(signs, "_is_signed_here", lambda self, permit_type: True)
        document = self.ready()
        self.assertFalse(self.told())
        by = self.documents.with_user(self.operator)
        for stage, told in (("original", 0), ("signed", 1)):
            digest = stage[0] * 64
            parcel = by._pack(self.permit_1, document, 0, stage, "x", 9, digest)
            document.with_user(self.operator).sudo()._take_version(parcel, {})
            self.assertEqual(len(self.told()), told, stage)

    def test_the_address_stands_in_the_notice_where_documents_are_published(self):
        kind = self.permit_1.permit_type_id
        document = self.ready()
        notice = self.told()
        self.assertFalse(notice.download_link)
        self.assertNotIn("/documents/", notice._text_in_plain_words())
        kind.publish_documents = True
        self.env.invalidate_all()
        mine = document.with_user(self.operator)
        address = mine.action_public_address()["params"]["url"]
        self.assertEqual(notice.download_link, address)
        self.assertIn(address, notice._text_in_plain_words())
        self.assertEqual(notice.with_user(self.operator).download_link, address)
        self.assertFalse(notice.with_user(self.viewer).download_link)
        for values in ({"worker_public_address": False},):
            self.config.write(values)
            self.env.invalidate_all()
            self.assertFalse(notice.download_link)
        self.config.worker_public_address = ADDRESS
        mine.action_take_back_address()
        self.env.invalidate_all()
        self.assertFalse(notice.download_link)
