from odoo.tests import tagged
from odoo.tools import mute_logger

from .documents_case import PDF, DocumentsHttpCase, pdf


@tagged("post_install", "-at_install", "sicantik")
class TestDownload(DocumentsHttpCase):
    def setUp(self):
        super().setUp()
        self.saved = self.kept(name="Surat \u201cIzin\u201d; 1.pdf").current_version_id
        self.worker_server.heard.clear()

    def test_who_sees_a_document_gets_its_bytes(self):
        for user in (self.viewer, self.operator, self.manager):
            response = self.get(self.saved, user=user)
            self.assertEqual((response.status_code, response.content), (200, PDF))
        headers = response.headers
        self.assertEqual(headers["Content-Type"], "application/pdf")
        self.assertEqual(headers["Content-Length"], str(len(PDF)))
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(headers["Cache-Control"], "private, no-store")
        self.assertEqual(headers["Content-Security-Policy"], "default-src 'none'")
        self.assertTrue(headers["Content-Disposition"].startswith("inline; "))
        self.assertIn("%E2%80%9CIzin%E2%80%9D", headers["Content-Disposition"])

    def test_saving(self):
        response = self.get(self.saved, query="?download=true")
        disposition = response.headers["Content-Disposition"]
        self.assertTrue(disposition.startswith("attachment; "))
        self.assertNotIn("\n", disposition)

    def test_a_look_at_the_head_asks_no_worker(self):
        response = self.get(self.saved, head=True)
        self.assertEqual((response.status_code, response.content), (200, b""))
        self.assertEqual(response.headers["Content-Length"], str(len(PDF)))
        self.assertFalse(self.worker_server.heard)

    def test_defect_5_whoever_may_not_see_it_gets_nothing(self):
        other = self.another_office()
        stranger = self._user(
            "stranger",
            "sicantik_connector.group_manager",
            company_id=other.company_id.id,
            company_ids=[(6, 0, other.company_id.ids)],
        )
        portal = self._user("portal", "base.group_portal")
        employee = self._user("employee", "base.group_user")
        for user in (stranger, portal, employee):
            for head in (False, True):
                response = self.get(self.saved, user=user, head=head)
                self.assertEqual(response.status_code, 404, user.login)
                self.assertNotIn(b"%PDF", response.content)
        self.authenticate(None, None)
        response = self.url_open(self.saved._address(), allow_redirects=False)
        self.assertIn("/web/login", response.headers["Location"])
        self.assertFalse(self.worker_server.heard)

    def test_a_version_is_that_of_its_document(self):
        other = self.kept(pdf(2)).current_version_id
        self.worker_server.heard.clear()
        self.as_person(self.viewer)
        for document, version in (
            (other.document_id.id, self.saved.id),
            (self.saved.document_id.id, self.saved.id + 1000),
            (self.saved.document_id.id + 1000, self.saved.id),
            (self.saved.document_id.id, 2**40),
        ):
            url = f"/sicantik/documents/{document}/{version}/x.pdf"
            self.assertEqual(self.url_open(url).status_code, 404)
        self.assertFalse(self.worker_server.heard)

    def test_an_earlier_version_stays(self):
        self.kept(pdf(2), document=self.saved.document_id.id)
        self.assertEqual(self.get(self.saved).content, PDF)

    def test_a_withdrawn_document_is_still_seen_in_the_office(self):
        self.saved.document_id.with_user(self.operator)._withdraw("salah")
        self.assertEqual(self.get(self.saved).content, PDF)

    def test_what_the_worker_cannot_give_is_said_in_words(self):
        for says, status in (
            ((503, b""), 503),
            ((410, {"code": "missing"}), 410),
            ((410, {"code": "erased"}), 410),
            ((404, {"code": "unknown_document"}), 410),
            ((401, b""), 503),
            ((302, b""), 503),
        ):
            self.worker_server.says = says
            response = self.get(self.saved)
            self.assertEqual(response.status_code, status, says)
            self.assertIn("cannot be shown", response.text)
            self.assertIn("text/html", response.headers["Content-Type"])
        self.worker_server.says = None
        self.away()
        self.assertEqual(self.get(self.saved).status_code, 503)
        self.config.worker_url = False
        self.assertIn("No worker is connected", self.get(self.saved).text)

    def test_defect_8_the_hash_is_that_of_the_bytes_that_were_uploaded(self):
        self.saved.sha256 = "0" * 64
        response = self.get(self.saved)
        self.assertEqual(response.status_code, 410)
        self.assertNotIn(b"%PDF", response.content)

    def test_what_breaks_off_is_seen_by_its_length(self):
        self.worker_server.altered = True
        self.as_person(self.viewer)
        with mute_logger("werkzeug"):
            try:
                got = len(self.url_open(self.saved._address()).content)
            except OSError:  # requests says so by itself
                got = 0
        self.assertLess(got, len(PDF))
