from odoo.exceptions import AccessError
from odoo.tests import tagged

from .documents_case import DocumentsCase
from .worker_server import GIB, STORAGE

BUCKET = {
    "kind": "s3",
    "name": "https://s3.example.test/dokumen/kantor",
    "free_bytes": None,
    "total_bytes": None,
}


@tagged("post_install", "-at_install", "sicantik")
class TestStorage(DocumentsCase):
    """The page says what the worker says, and is honest when it says nothing."""

    def page(self, user=None, config=None, **told):
        self.worker_server.storage.update(told)
        pages = self.env["sicantik.document.storage"].with_user(user or self.operator)
        return pages.create({"config_id": (config or self.config).id})

    def test_a_folder_says_how_full_it_is(self):
        page = self.page()
        self.assertEqual((page.state, page.hint, page.kind), ("ready", False, "folder"))
        self.assertEqual(page.place, "/var/lib/sicantik/files")
        self.assertEqual((page.documents, page.versions), (12, 15))
        self.assertEqual(page.size_text, "1.5 GiB")
        self.assertEqual(page.free_text, "60.0 GiB of 240.0 GiB (25 %)")
        self.assertEqual(page.largest_text, "32 MiB")
        self.assertFalse(page.versioning or page.object_lock)
        self.assertTrue(page.asked_at)
        [(method, _uuid, headers)] = self.worker_server.heard
        self.assertEqual(method, "GET")
        self.assertTrue(headers["X-Sicantik-Signature"])

    def test_a_bucket_says_what_protects_it(self):
        page = self.page(**BUCKET, versioning=True, object_lock=False)
        self.assertEqual((page.state, page.kind), ("ready", "s3"))
        self.assertEqual((page.versioning, page.object_lock), ("on", "off"))
        self.assertFalse(page.free_text)
        page = self.page(**BUCKET, versioning=None, object_lock=None)
        self.assertEqual((page.versioning, page.object_lock), ("unknown", "unknown"))

    def test_what_is_wrong_is_said_with_what_to_do(self):
        page = self.page(is_nearly_full=True, free_bytes=GIB // 2)
        self.assertEqual(page.state, "full")
        self.assertIn("make room", page.hint)
        page = self.page(state="away", reason="it refuses the worker")
        self.assertEqual(page.state, "away")
        self.assertIn("it refuses the worker", page.hint)
        page = self.page(largest_mib=8)
        self.assertIn("files.largest_mib", page.largest_text)

    def test_while_nobody_answers_nothing_is_pretended(self):
        self.away()
        page = self.page()
        self.assertEqual((page.state, page.asked_at), ("silent", False))
        self.assertIn("does not answer", page.hint)
        self.assertFalse(page.place or page.size_text or page.documents)
        for says, words in (
            ((404, b""), "older"),
            ((401, {"code": "unsigned"}), "Renew Keys"),
            ((503, {"code": "store_unavailable"}), "does not answer"),
            ((200, b"no JSON"), "does not answer"),
        ):
            self.back()
            self.worker_server.says = says
            self.assertIn(words, self.page().hint, says)
        self.config.worker_url = False
        self.assertIn("Connect Worker", self.page().hint)

    def test_asked_again_it_is_asked_again(self):
        page = self.page()
        self.worker_server.storage["documents"] = 13
        self.assertTrue(page.action_ask())
        page.invalidate_recordset()
        self.assertEqual(page.documents, 13)

    def test_what_waits_is_counted_and_listed(self):
        waits = self.documents.create({"name": "x", "permit_id": self.permit_1.id})
        self.uploads.create(
            {
                "document_id": waits.id,
                "uuid": "x",
                "number": 1,
                "stage": "original",
                "size": 9,
                "sha256": "0" * 64,
                "reason": "away",
                "sealed": b"x",
            }
        )
        page = self.page()
        self.assertEqual(page.waiting_count, 1)
        action = page.action_view_waiting()
        self.assertEqual(self.documents.search(action["domain"]), waits)

    def test_whose_office_it_is_not_learns_nothing(self):
        other = self.another_office()
        stranger = self._user(
            "stranger",
            "sicantik_connector.group_manager",
            company_id=other.company_id.id,
            company_ids=[(6, 0, other.company_id.ids)],
        )
        with self.assertRaises(AccessError):
            self.page(stranger)
        pages = self.env["sicantik.document.storage"].with_user(stranger)
        spec = {"place": {}, "state": {}, "documents": {}}
        said = pages.onchange({"config_id": self.config.id}, ["config_id"], spec)
        self.assertFalse(said["value"].get("place") or said["value"].get("documents"))
        self.assertFalse(self.worker_server.heard)
        for group in ("base.group_portal", "base.group_public", "base.group_user"):
            with self.assertRaises(AccessError):
                self.page(self._user(group, group))
        with self.assertRaises(AccessError):
            self.page(self.viewer)
        self.assertFalse(self.worker_server.heard, STORAGE)
