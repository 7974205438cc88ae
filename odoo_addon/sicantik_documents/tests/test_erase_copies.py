from datetime import timedelta

from odoo.tests import tagged

from .documents_case import PDF
from .erase_case import NAME, EraseCase


@tagged("post_install", "-at_install", "sicantik")
class TestEraseCopies(EraseCase):
    """What else there is of a document: files of the inbox, what waits or is lost."""

    def test_what_is_erased_waits_for_nothing(self):
        self.uploads.create(
            {
                **{"document_id": self.subject.id, "uuid": "waiting", "number": 3},
                **{"stage": "original", "size": 9, "sha256": "1" * 64},
                **{"title": NAME, "reason": "away", "sealed": b"\x04sealed"},
            }
        )
        board = self.env["sicantik.document.dashboard"].with_user(self.manager)
        for count in (1, 0):
            [found] = [one for one in board.figures() if one["key"] == "waiting"]
            self.assertEqual(found["count"], count)
            self.assertEqual(self.documents.search_count(found["terms"]), count)
            if count:
                self.erase()

    def test_what_the_worker_lost_counts_as_erased_after_a_day(self):
        self.erase()
        first, second = self.subject.version_ids
        del self.worker_server.files[second.uuid]
        self.job()
        self.subject.erase_ordered_at -= timedelta(hours=23)
        self.job()
        self.assertEqual(self.subject.state, "withdrawn")
        self.assertIn("sicantik files recover", self.subject.hint)
        self.subject.erase_ordered_at -= timedelta(hours=2)
        self.job()
        self.assertEqual(self.subject.state, "erased")
        self.assertTrue(first.erased_at and second.erased_at)
        said = str(self.subject.message_ids.mapped("body"))
        self.assertIn("has not known it for more than a day", said)

    def test_the_inbox_is_part_of_it(self):
        """What waits for a person is kept by the worker; what became a document came by
        a name."""
        arrivals = self.env["sicantik.document.arrival"]
        own = {"config_id": self.config.id, "company_id": self.config.company_id.id}
        kept = {"name": NAME, "title": NAME, "size": 9, **own}
        waits = arrivals.create(
            {
                **{**kept, "key": "1", "state": "unmatched", "sha256": "1" * 64},
                **{"version_uuid": "waits", "document_uuid": "its document"},
            }
        )
        came = arrivals.create(
            {
                **{**kept, "key": "2", "state": "imported", "sha256": "2" * 64},
                **{"version_uuid": "came", "document_id": self.subject.id},
            }
        )
        told = self.rpc(
            "sicantik.document.version", "of_hashes", hashes=["1" * 64, "2" * 64]
        )
        self.assertEqual(
            told["living"],
            [
                {
                    **{"version": "waits", "document": "its document", "number": 1},
                    **{"stage": "original", "size": 9, "sha256": "1" * 64},
                    "by": "inbox",
                }
            ],
        )
        self.erase()
        self.assertEqual((came.name, came.title), (self.subject.number, False))
        self.assertEqual(waits.name, NAME)

    def test_the_same_file_of_the_inbox_goes_too(self):
        """It waits for a person, or is on its way, and is no document."""
        own = {"config_id": self.config.id, "company_id": self.config.company_id.id}
        file = {"name": NAME, "title": NAME, "size": 9, **own}
        file["sha256"] = self.subject.current_version_id.sha256
        copies = self.env["sicantik.document.arrival"].create(
            [
                {**file, "key": "1", "state": "unmatched", "version_uuid": "waits"},
                {**file, "key": "2", "state": "arriving", "version_uuid": "arrives"},
                {**file, "key": "3", "state": "double"},
            ]
        )
        waits, arrives, _double = copies
        self.worker_server.files["waits"] = ({}, PDF)
        self.erase()
        self.assertEqual(copies.mapped("state"), ["dismissed", "dismissed", "double"])
        self.assertEqual(set(copies.mapped("name")), {self.subject.number})
        self.assertFalse(any(copies.mapped("title")))
        self.job()
        self.assertTrue(waits.erased_at)
        self.assertFalse(arrives.erased_at, "it may just be coming")
        self.assertEqual(self.subject.state, "withdrawn")
        self.subject.erase_ordered_at -= timedelta(minutes=11)
        self.worker_server.files["arrives"] = ({}, PDF)
        self.job()
        self.assertEqual(self.subject.state, "erased")
        self.assertFalse(self.worker_server.files)
