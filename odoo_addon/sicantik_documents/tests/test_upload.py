import hashlib
from datetime import timedelta
from unittest.mock import patch
from urllib.parse import quote

from odoo.exceptions import UserError
from odoo.http import request
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers import upload as controller
from .documents_case import PDF, DocumentsHttpCase, pdf

LOUD = "odoo.http"


@tagged("post_install", "-at_install", "sicantik")
class TestUpload(DocumentsHttpCase):
    def test_a_file_that_the_worker_takes(self):
        before = self.env["ir.attachment"].search_count([])
        kind = self.env.ref("sicantik_documents.document_type_permit")
        document = self.kept(name="../Surat Izin.PDF", type=kind.id, stage="signed")
        self.assertRegex(document.number, r"^DOC/\d{4}/\d{5}$")
        self.assertEqual(
            (document.name, document.permit_id, document.type_id, document.state),
            ("Surat Izin", self.permit_1, kind, "draft"),
        )
        self.assertEqual(document.company_id, self.config.company_id)
        version = document.current_version_id
        self.assertEqual(
            (version.number, version.stage, version.size, version.pages),
            (1, "signed", len(PDF), 3),
        )
        self.assertEqual(version.sha256, hashlib.sha256(PDF).hexdigest())
        self.assertEqual(version.uploaded_by_id, self.operator)
        self.assertEqual((version.title, document.stage), ("Judul", "signed"))
        [(uuid, (head, clear))] = self.worker_server.files.items()
        self.assertEqual((uuid, clear), (version.uuid, PDF))
        self.assertEqual(
            head,
            {
                "version": version.uuid,
                "document": document.uuid,
                "number": 1,
                "stage": "signed",
                "size": len(PDF),
                "sha256": version.sha256,
                "by": self.operator.login,
                "most_pages": 1000,
                "allow_embedded": False,
            },
        )
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)
        self.assertFalse(self.uploads.search([]))

    def test_the_office_s_limits_go_with_it(self):
        self.config.write({"document_max_pages": 7, "document_allow_embedded": True})
        self.kept()
        [(head, _clear)] = self.worker_server.files.values()
        self.assertEqual((head["most_pages"], head["allow_embedded"]), (7, True))

    def test_the_same_file_twice_is_one_document(self):
        document = self.kept()
        said = self.uploaded(name="Nama Lain.pdf")
        self.assertEqual(said["state"], "refused")
        self.assertIn(document.number, said["sentence"])
        self.assertEqual(self.documents.search([]), document)
        self.assertEqual(len(self.worker_server.files), 1)
        other = self.kept(permit=self.permit_2.id)
        self.assertEqual(other.permit_id, self.permit_2)

    def test_a_worker_that_lost_a_file_gets_it_again(self):
        document = self.kept()
        files = self.worker_server.files
        lost = dict(files)
        files.clear()
        said = self.uploaded()
        self.assertEqual(said["state"], "refused", "the permit has it already")
        self.assertEqual(files, lost)
        self.assertEqual(document.version_ids.mapped("number"), [1])

    def test_the_same_file_as_a_withdrawn_one(self):
        document = self.kept()
        document.state = "withdrawn"
        said = self.uploaded()
        self.assertEqual(said["state"], "refused")
        self.assertIn("withdrawn", said["sentence"])

    def test_a_new_version(self):
        document = self.kept()
        self.kept(pdf(2), document=document.id, name="Revisi.pdf", stage="signed")
        self.assertEqual(document.version_ids.mapped("number"), [2, 1])
        self.assertEqual(document.current_version_id.number, 2)
        self.assertEqual((document.stage, document.name), ("signed", "Surat"))
        heads = [head for head, _clear in self.worker_server.files.values()]
        self.assertEqual({head["document"] for head in heads}, {document.uuid})
        self.assertEqual([head["number"] for head in heads], [1, 2])
        said = self.uploaded(document=document.id)
        self.assertEqual(said["state"], "refused", "the first version's bytes again")

    def test_a_withdrawn_document_gets_no_new_version(self):
        document = self.kept()
        document.with_user(self.operator)._withdraw("salah berkas")
        said = self.uploaded(pdf(2), document=document.id)
        self.assertEqual(said["state"], "refused")
        self.assertEqual(len(document.version_ids), 1)

    def withdrawn_meanwhile(self, document):
        """``send``, while somebody withdraws ``document``."""
        send = controller.send

        def sent(*args):
            answer = send(*args)
            document.with_env(request.env).sudo().state = "withdrawn"
            request.env.cr.commit()
            return answer

        return patch.object(controller, "send", sent)

    def test_what_is_refused_after_the_worker_took_it_is_erased(self):
        document = self.kept()
        with self.withdrawn_meanwhile(document):
            said = self.uploaded(pdf(2), document=document.id)
        self.assertEqual(said["state"], "refused")
        self.assertEqual([*self.worker_server.files], [document.version_ids.uuid])
        self.assertFalse(self.sent().search([]))

    def test_what_cannot_be_erased_now_is_erased_later(self):
        document, worker = self.kept(), self.config._files_worker()
        configs = type(self.config)
        with (
            self.withdrawn_meanwhile(document),
            patch.object(configs, "_require_files_worker", return_value=worker),
            patch.object(configs, "_files_worker", return_value=None),
        ):
            said = self.uploaded(pdf(2), document=document.id)
        self.assertEqual(said["state"], "refused")
        self.assertErasedLater()

    def test_what_odoo_died_of_is_erased_later(self):
        died = UserError("died")
        with (
            patch.object(type(self.documents), "_note", side_effect=died),
            patch.object(type(self.sent()), "_leave"),
        ):
            self.uploaded()
        self.assertErasedLater()

    def test_what_was_given_up_does_not_come_late(self):
        """An hour after it was sent it may have been erased already."""
        send = controller.send

        def sent(*args):
            answer = send(*args)
            request.env["sicantik.document.sent"].sudo().search([]).is_given_up = True
            request.env.cr.commit()
            return answer

        with patch.object(controller, "send", sent):
            self.assertNothingLeft(self.uploaded())
        self.assertFalse(self.worker_server.files)

    def test_what_the_worker_refuses_is_remembered_no_more(self):
        self.assertNothingLeft(self.uploaded(b"no PDF"))
        self.assertFalse(self.sent().search([]))
        self.away()
        self.assertEqual(self.uploaded()["state"], "waiting")
        self.assertFalse(self.sent().search([]))

    def sent(self):
        return self.env["sicantik.document.sent"]

    def assertErasedLater(self):
        """Another document of the same bytes is not erased before that is gone."""
        [sent] = self.sent().search([])
        uuid = sent.uuid
        same = self.documents.create({"name": "Sama", "permit_id": self.permit_2.id})
        version = self.version(same, sha256=sent.sha256)
        self.worker_server.files[version.uuid] = ({}, PDF)
        same.sudo()._order_erasure("diminta")
        job = self.env["sicantik.config"]._cron_erase_documents
        job()
        self.assertIn(uuid, self.worker_server.files, "it may be on its way")
        self.assertTrue(version.erased_at)
        self.assertEqual(same.state, "withdrawn")
        sent.sent_at -= timedelta(minutes=61)
        job()
        self.assertNotIn(uuid, self.worker_server.files)
        self.assertFalse(sent.exists())
        self.assertEqual(same.state, "erased")

    def test_names(self):
        for at, (given, name) in enumerate(
            (
                ("../../x\x00y.pdf", "xy"),
                ("\u202efdp.exe", "fdp.exe"),
                ("n" * 300, "n" * 120),
                ("", "Document"),
                ("Sama.pdf", "Sama"),
                ("SAMA.pdf", "SAMA"),
            )
        ):
            self.assertEqual(self.kept(pdf(at), name=given).name, name)

    def test_who_may_not(self):
        other = self.another_office()
        stranger = self._user(
            "stranger",
            "sicantik_connector.group_manager",
            company_id=other.company_id.id,
            company_ids=[(6, 0, other.company_id.ids)],
        )
        portal = self._user("portal", "base.group_portal")
        employee = self._user("employee", "base.group_user")
        answers = set()
        for user in (self.viewer, stranger, portal, employee):
            response = self.upload(user=user)
            self.assertEqual(response.status_code, 403, user.login)
            self.assertNothingLeft(response.json())
            answers.add(response.json()["sentence"])
        # Who may not see it hears what is heard of one that never was.
        answers.add(self.uploaded(permit=self.permit_1.id + 1000)["sentence"])
        self.assertEqual(len(answers), 1)
        self.assertFalse(self.worker_server.heard)

    def test_nobody_uploads_to_another_office_s_document(self):
        document = self.kept()
        other = self.another_office()
        stranger = self._user(
            "stranger",
            "sicantik_connector.group_manager",
            company_id=other.company_id.id,
            company_ids=[(6, 0, other.company_id.ids)],
        )
        response = self.upload(pdf(2), user=stranger, document=document.id)
        self.assertEqual(response.status_code, 403)
        self.assertEqual(len(document.version_ids), 1)

    def test_a_signed_out_visitor_is_asked_to_sign_in(self):
        self.authenticate(None, None)
        response = self.opener.post(
            f"{self.base_url()}/sicantik/documents/upload?permit={self.permit_1.id}",
            data=PDF,
            headers={"Content-Type": "application/octet-stream"},
            allow_redirects=False,
        )
        self.assertIn("/web/login", response.headers["Location"])
        self.assertFalse(self.worker_server.heard)

    def test_another_site_s_page_uploads_nothing(self):
        with mute_logger(LOUD):
            response = self.upload(token=False)
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.worker_server.heard)

    def test_a_form_is_not_read(self):
        for kind in (
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded",
        ):
            with mute_logger(LOUD):
                response = self.upload(headers={"Content-Type": kind})
            self.assertEqual(response.status_code, 415)
        self.assertFalse(self.worker_server.heard)

    def test_lengths(self):
        self.config.document_max_mib = 1
        self.assertNothingLeft(self.uploaded(b""))
        response = self.upload(PDF.ljust(1024 * 1024 + 1))
        self.assertEqual(response.status_code, 413)
        self.assertIn("1 MiB", response.json()["sentence"])
        self.assertNothingLeft(response.json())
        response = self.upload(iter([PDF]))
        self.assertEqual(response.status_code, 411, "no length")
        self.assertNothingLeft(response.json())
        self.assertFalse(self.worker_server.heard)
        self.kept(PDF.ljust(1024 * 1024))

    def test_ids_that_are_none(self):
        for query in (
            {"permit": "x"},
            {"permit": "-1"},
            {"permit": "9" * 9},
            {"document": "9" * 9},
            {"stage": "stamped"},
            {"type": "9" * 9},
        ):
            self.assertNothingLeft(self.uploaded(**query))
        self.assertFalse(self.worker_server.heard)

    def test_without_a_worker(self):
        self.config.worker_url = False
        self.assertNothingLeft(self.uploaded())
        self.back()
        self.config.worker_public_key = False
        said = self.uploaded()
        self.assertIn("has not told its key", said["sentence"])
        self.assertNothingLeft(said)

    def test_every_key_of_a_rotation_signs(self):
        self.config.write(
            {
                "worker_hook_key": "kunci-baru",
                "worker_hook_key_previous": "kunci-contoh",
            }
        )
        self.kept()
        [(_method, _uuid, headers)] = self.worker_server.heard
        self.assertEqual(headers["X-Sicantik-Signature"].count("v1="), 2)
        self.assertEqual(quote(headers["Content-Type"]), "application/octet-stream")
