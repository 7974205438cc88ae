from odoo.tests import tagged

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
