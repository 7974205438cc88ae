from odoo.exceptions import AccessError
from odoo.tests import tagged

from .documents_case import DocumentsCase


@tagged("post_install", "-at_install", "sicantik")
class TestWaitingRights(DocumentsCase):
    """What waits is sealed, and still nobody reads it."""

    def setUp(self):
        super().setUp()
        self.waiting = self.uploads.create(
            {
                "document_id": self.document().id,
                "uuid": "waiting",
                "number": 2,
                "stage": "original",
                "size": 9,
                "sha256": "1" * 64,
                "title": "surat",
                "reason": "away",
                "sealed": b"\x04sealed",
            }
        )

    def test_it_is_kept_as_it_is_in_the_database(self):
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.waiting.sealed, b"\x04sealed")
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", self.uploads._name), ("res_field", "!=", False)]
        )
        self.assertFalse(attachments)

    def test_no_administrator_reads_it_either(self):
        administrator = self._user("administrator", "base.group_system")
        for user in (self.viewer, self.operator, self.manager, administrator):
            waiting = self.waiting.with_user(user)
            for ask in (
                lambda waiting=waiting: waiting.read(["sealed"]),
                lambda waiting=waiting: waiting.read(["uuid"]),
                lambda waiting=waiting: waiting.search([("sha256", "like", "1")]),
                lambda waiting=waiting: waiting.write({"reason": "x"}),
                waiting.unlink,
            ):
                with self.assertRaises(AccessError):
                    ask()

    def test_it_goes_with_its_document_alone(self):
        document = self.waiting.document_id
        self.assertTrue(document.with_user(self.viewer).is_waiting)
        self.assertFalse(self.document().is_waiting)
