"""An office with permits, a worker that keeps files, and people who upload."""

import base64
from unittest.mock import patch
from urllib.parse import quote, urlencode

import requests

from odoo.http import Request
from odoo.tests import HttpCase
from odoo.tests.common import _super_send

from odoo.addons.sicantik_connector.tests.common import SicantikCase, row_of

from .worker_server import KEY, WorkerServer

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 400
ROUTE = "/sicantik/documents/upload"


def pdf(mark):
    """Another PDF for each ``mark``."""
    return PDF + str(mark).encode()


class DocumentsCase(SicantikCase):
    def setUp(self):
        super().setUp()
        # Odoo's guard against real requests cannot read two time limits; the address
        # below is this machine's own.
        self.startPatcher(patch.object(requests.Session, "send", _super_send))
        self.worker_server = WorkerServer()
        self.addCleanup(self.worker_server.stop)
        self.connect(self.config)
        run = self.start()
        self.upsert(run, row_of("1", "503/1"), row_of("2", "503/2"))
        self.finish(run)
        self.permit_1, self.permit_2 = self.permit("1"), self.permit("2")
        self.documents = self.env["sicantik.document"]
        self.uploads = self.env["sicantik.document.upload"]

    def connect(self, config):
        config.write(
            {
                "worker_url": self.worker_server.url,
                "worker_hook_key": KEY,
                "worker_public_key": base64.b64encode(
                    self.worker_server.point
                ).decode(),
            }
        )

    def away(self):
        """The worker is switched off: nobody listens at its address."""
        self.config.worker_url = "http://127.0.0.1:9"

    def back(self):
        self.config.worker_url = self.worker_server.url

    def send_waiting(self):
        self.env["sicantik.config"]._cron_send_documents()
        self.env.flush_all()
        self.env.invalidate_all()

    def document(self, permit=None, **values):
        """A document with a version, as if it had come in."""
        permit = permit or self.permit_1
        document = self.documents.create(
            {"name": "Surat Izin", "permit_id": permit.id, **values}
        )
        self.version(document)
        return document

    def version(self, document, **values):
        number = len(document.version_ids) + 1
        version = self.env["sicantik.document.version"].create(
            {
                "document_id": document.id,
                "uuid": f"{document.uuid[:-2]}{number:02}",
                "number": number,
                "sha256": f"{document.id:060}{number:04}",
                "size": len(PDF),
                "pages": 3,
                "original_filename": "surat",
                **values,
            }
        )
        document.current_version_id = version
        return version


class DocumentsHttpCase(DocumentsCase, HttpCase):
    def as_person(self, user):
        self.authenticate(user.login, user.login) if user else self.authenticate(
            None, None
        )

    def upload(self, data=PDF, user=None, headers=None, token=True, **query):
        """The answer to a file that ``user`` (an operator) uploads."""
        self.as_person(user or self.operator)
        if not {"permit", "document"} & query.keys():
            query["permit"] = self.permit_1.id
        given = {
            "Content-Type": "application/octet-stream",
            "X-Sicantik-Name": quote(query.pop("name", "Surat.pdf")),
        }
        if token:
            given["X-CSRF-Token"] = Request.csrf_token(self)
        response = self.opener.post(
            f"{self.base_url()}{ROUTE}?{urlencode(query)}",
            data=data,
            headers={**given, **(headers or {})},
            timeout=30,
            allow_redirects=False,
        )
        self.env.invalidate_all()
        return response

    def uploaded(self, *args, **kwargs):
        """What is said of it, as the dialog reads it."""
        return self.upload(*args, **kwargs).json()

    def kept(self, *args, **kwargs):
        """The document of a file that the worker took."""
        said = self.uploaded(*args, **kwargs)
        self.assertEqual(said["state"], "kept", said)
        return self.documents.browse(said["document"])

    def get(self, version, user=None, head=False, name="x", query=""):
        self.as_person(user or self.viewer)
        url = f"/sicantik/documents/{version.document_id.id}/{version.id}/{name}.pdf"
        return self.opener.request(
            "HEAD" if head else "GET",
            f"{self.base_url()}{url}{query}",
            timeout=30,
            allow_redirects=False,
        )

    def assertNothingLeft(self, said, state="refused"):
        """Nothing of a file is kept, but a sentence."""
        self.assertEqual((said["state"], said["document"]), (state, 0), said)
        self.assertTrue(said["sentence"].endswith("."), said)
        self.assertFalse(self.documents.search([]))
        self.assertFalse(self.uploads.search([]))
