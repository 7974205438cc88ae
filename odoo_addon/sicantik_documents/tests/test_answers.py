from odoo.tests import tagged

from .documents_case import PDF, DocumentsHttpCase, pdf

REFUSALS = (
    *(
        (422, {"code": code})
        for code in (
            "not_pdf",
            "encrypted",
            "damaged",
            "too_many_pages",
            "javascript",
            "launch",
            "embedded_files",
            "signed",
            "too_complex",
            "empty",
            "never_heard_of",
        )
    ),
    (413, {"code": "too_large"}),
    (413, b"<html>413 Request Entity Too Large</html>"),
    (400, {"code": "malformed"}),
    (409, {"code": "other_key"}),
    (409, {"code": "other_content"}),
    (401, {"code": "unsigned"}),
    (403, {"code": "wrong_database"}),
    (404, b"Not Found"),
    (302, b""),
    (201, {"status": "kept", "sha256": "0" * 64, "size": 1}),
)
WAITING = (
    *((status, b"") for status in (408, 429, 500, 502, 503, 504)),
    (409, {"code": "replayed"}),
    (200, b"no JSON"),
)


@tagged("post_install", "-at_install", "sicantik")
class TestAnswers(DocumentsHttpCase):
    """What Odoo makes of each answer of the worker."""

    def test_refusals_keep_nothing_and_say_why(self):
        sentences = set()
        for said in REFUSALS:
            with self.subTest(said=said):
                self.worker_server.says = said
                answer = self.uploaded()
                self.assertNothingLeft(answer)
                sentences.add(answer["sentence"])
        # 401 and 403 are one, and so are the two of another content.
        self.assertEqual(len(sentences), len(REFUSALS) - 2)
        self.assertTrue(any("client_max_body_size" in one for one in sentences))

    def test_whoever_is_away_gets_it_later(self):
        for at, said in enumerate(WAITING):
            with self.subTest(said=said):
                self.worker_server.says = said
                answer = self.uploaded(pdf(at))
                self.assertEqual(answer["state"], "waiting")
                document = self.documents.browse(answer["document"])
                self.assertTrue(document.is_waiting)
                self.assertFalse(document.version_ids)
        self.worker_server.says = None
        self.send_waiting()
        self.assertFalse(self.uploads.search([]))
        self.assertEqual(len(self.worker_server.files), len(WAITING))

    def test_a_file_waits_sealed_and_goes_as_it_is(self):
        before = self.env["ir.attachment"].search_count([])
        self.away()
        answer = self.uploaded()
        self.assertEqual(answer["state"], "waiting")
        document = self.documents.browse(answer["document"])
        waiting = self.documents.search([("is_waiting", "=", True)])
        self.assertEqual((waiting, document.state), (document, "draft"))
        self.assertIn("worker", document.hint)
        upload = self.uploads.search([])
        sealed = upload.sealed
        self.assertNotIn(b"%PDF", sealed)
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)
        said = self.uploaded()
        self.assertEqual(said["state"], "refused", "the same file while it waits")
        said = self.uploaded(pdf(2), document=document.id)
        self.assertEqual(said["state"], "refused", "one version after the other")
        self.send_waiting()
        self.assertTrue(upload.exists().tried_at)
        uuid = upload.uuid
        self.back()
        self.send_waiting()
        self.assertFalse(upload.exists())
        version = document.current_version_id
        self.assertEqual((version.uuid, version.number), (uuid, 1))
        self.assertEqual(version.uploaded_by_id, self.operator)
        self.assertFalse(document.is_waiting or document.hint)
        self.assertEqual(self.worker_server.bodies[-1], sealed)
        self.assertEqual(self.worker_server.files[uuid][1], PDF)

    def test_what_the_worker_has_already_is_noted_once(self):
        """Odoo died after the worker took it: the same version goes again."""
        self.away()
        document = self.documents.browse(self.uploaded()["document"])
        upload = self.uploads.search([])
        kept = {"sha256": upload.sha256, "size": len(PDF), "pages": 1}
        self.back()
        self.worker_server.says = (200, kept)
        self.send_waiting()
        self.assertEqual(document.version_ids.mapped("number"), [1])
        self.send_waiting()
        self.assertEqual(len(self.worker_server.heard), 1)

    def test_one_that_is_away_is_tried_once_at_a_time(self):
        self.worker_server.says = (503, b"")
        for mark in range(3):
            self.uploaded(pdf(mark))
        self.worker_server.heard.clear()
        tried = set()
        for _time in range(3):
            self.send_waiting()
            tried.add(self.worker_server.heard[-1][1])
        self.assertEqual(len(self.worker_server.heard), 3)
        self.assertEqual(len(tried), 3, "each in its turn")

    def test_a_refusal_later_is_said_on_the_document(self):
        self.away()
        document = self.documents.browse(self.uploaded()["document"])
        self.back()
        self.worker_server.says = (422, {"code": "encrypted"})
        self.send_waiting()
        self.assertFalse(self.uploads.search([]))
        self.assertFalse(document.is_waiting or document.version_ids)
        self.assertIn("password", document.hint)
        self.assertIn("password", document.message_ids[0].body)
        self.worker_server.says = None
        self.kept(pdf(2), document=document.id)
        self.assertFalse(document.hint)

    def test_what_can_be_repaired_loses_nothing(self):
        self.away()
        document = self.documents.browse(self.uploaded()["document"])
        self.back()
        for said in (
            *((status, b"") for status in (301, 400, 401, 403, 404, 405, 413, 422)),
            (200, b"<html>"),
        ):
            self.worker_server.says = said
            self.send_waiting()
            self.assertTrue(document.is_waiting)
        self.worker_server.says = None
        self.send_waiting()
        self.assertTrue(document.current_version_id)

    def test_a_key_that_is_gone_is_said(self):
        self.away()
        document = self.documents.browse(self.uploaded()["document"])
        self.back()
        self.worker_server.says = (409, {"code": "other_key"})
        self.send_waiting()
        self.assertFalse(document.is_waiting)
        self.assertIn("Upload it again", document.hint)
