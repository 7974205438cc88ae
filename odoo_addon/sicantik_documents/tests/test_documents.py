from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sicantik_connector.tests.common import row_of

from .documents_case import DocumentsCase


@tagged("post_install", "-at_install", "sicantik")
class TestDocuments(DocumentsCase):
    def test_numbers_go_by_the_year_of_the_office_s_day(self):
        numbers = [self.document().number for _time in range(2)]
        first, second = (number.rpartition("/") for number in numbers)
        year = self.config._today().year
        self.assertEqual((first[0], second[0]), (f"DOC/{year}", f"DOC/{year}"))
        self.assertEqual(int(second[2]), int(first[2]) + 1)

    def test_ready_and_back(self):
        document = self.document()
        mine = document.with_user(self.operator)
        mine.action_ready()
        self.assertEqual(document.state, "ready")
        with self.assertRaisesRegex(UserError, "Ready by now"):
            mine.action_ready()
        mine.action_draft()
        self.assertEqual(document.state, "draft")

    def test_without_a_file_it_is_not_ready(self):
        document = self.documents.create(
            {"name": "Kosong", "permit_id": self.permit_1.id}
        )
        for method in ("action_ready", "action_preview", "action_download"):
            with self.assertRaisesRegex(UserError, "no file yet"):
                getattr(document.with_user(self.operator), method)()

    def test_a_withdrawn_document_stays_and_says_why(self):
        document = self.document()
        action = document.with_user(self.operator).action_withdraw()
        wizards = self.env[action["res_model"]].with_user(self.operator)
        wizard = wizards.with_context(**action["context"]).create(
            {"reason": "  salah "}
        )
        self.assertEqual(wizard.document_count, 1)
        wizard.action_confirm()
        self.assertEqual(
            (document.state, document.withdrawn_reason, document.withdrawn_by_id),
            ("withdrawn", "salah", self.operator),
        )
        self.assertTrue(document.withdrawn_at)
        self.assertIn("salah", document.message_ids.mapped("body").__str__())
        for method in ("action_ready", "action_draft", "action_withdraw"):
            with self.assertRaisesRegex(UserError, "Withdrawn by now"):
                getattr(document.with_user(self.operator), method)()

    def test_a_reason_is_asked_for(self):
        with self.assertRaisesRegex(UserError, "Say why"):
            self.document().with_user(self.operator)._withdraw("  ")

    def test_a_manager_takes_a_withdrawal_back(self):
        document = self.document()
        document.with_user(self.operator)._withdraw("salah berkas")
        with self.assertRaises(AccessError):
            document.with_user(self.operator).action_take_back()
        document.with_user(self.manager).action_take_back()
        self.assertEqual(document.state, "draft")
        self.assertFalse(document.withdrawn_reason or document.withdrawn_by_id)
        self.assertIn("salah berkas", str(document.message_ids.mapped("body")))

    def test_many_are_withdrawn_at_once(self):
        documents = self.document() | self.document(self.permit_2)
        documents.with_user(self.operator)._withdraw("salah")
        self.assertEqual(set(documents.mapped("state")), {"withdrawn"})

    def test_it_is_found(self):
        document = self.document(name="Surat Izin Praktik")
        self.permit_1.applicant_name = "Pemohon Dicari"
        other = self.document(self.permit_2)
        search = self.documents.with_user(self.viewer).search
        for domain in (
            [("name", "ilike", "praktik")],
            [("number", "=", document.number)],
            [("permit_number", "=", "503/1")],
            [("registration_number", "=", "1")],
            [("applicant_name", "ilike", "dicari")],
        ):
            self.assertEqual(search(domain), document, domain)
        self.assertEqual(search([("stage", "=", "original")]), document | other)
        self.assertEqual(search([("is_waiting", "=", False)]), document | other)
        self.assertFalse(search([("is_waiting", "=", True)]))
        self.assertEqual(search([("permit_type_id", "!=", False)]), document | other)

    def test_absorbed_permits_leave_their_documents(self):
        document = self.document(self.permit_2)
        waiting = self.documents.create(
            {"name": "Menunggu", "permit_id": self.permit_2.id}
        )
        versions = document.version_ids
        self.permit_1._absorb(self.permit_2)
        self.env.invalidate_all()
        self.assertFalse(self.permit_2.exists())
        self.assertEqual((document | waiting).permit_id, self.permit_1)
        self.assertEqual(document.version_ids, versions)
        self.assertEqual(self.permit_1.document_count, 2)

    def test_an_application_that_gets_its_number_keeps_its_documents(self):
        run = self.start()
        self.upsert(run, row_of("7"))
        permit = self.permit("7")
        document = self.document(permit)
        self.upsert(run, row_of("7", "503/7"))
        self.assertEqual(document.permit_number, "503/7")

    def test_an_ended_permit_keeps_them(self):
        document = self.document()
        self.permit_1.with_user(self.operator)._cancel("dicabut", "cancelled")
        self.assertTrue(document.exists())
        self.assertEqual(document.permit_status, "cancelled")

    def test_a_permit_with_documents_is_not_deleted(self):
        self.document()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.permit_1.unlink()

    def test_the_contact_s_documents(self):
        contact = self.env["res.partner"].create({"name": "Pemohon"})
        self.permit_1.partner_id = contact
        document = self.document()
        self.document(self.permit_2)
        mine = contact.with_user(self.viewer)
        self.assertEqual(mine.sicantik_document_count, 1)
        action = mine.action_view_sicantik_documents()
        self.assertEqual(self.documents.search(action["domain"]), document)

    def test_limits_of_the_office(self):
        mine = self.config.with_user(self.manager)
        for values in (
            {"document_max_mib": 0},
            {"document_max_mib": 201},
            {"document_max_pages": 0},
            {"document_max_pages": 10_001},
        ):
            with self.assertRaises(ValidationError):
                mine.write(values)
        mine.write({"document_max_mib": 200, "document_max_pages": 10_000})

    def test_a_type_of_another_company_is_refused(self):
        other = self.another_office()
        kind = self.env["sicantik.document.type"].create(
            {"name": "Lain", "company_id": other.company_id.id}
        )
        with self.assertRaises(UserError):
            self.document().type_id = kind

    def test_the_dialog_is_told_what_it_needs(self):
        self.env["sicantik.document.type"].search([]).active = False
        kind = self.env["sicantik.document.type"].create({"name": "Surat"})
        action = self.permit_1.with_user(self.operator).action_upload_documents()
        self.assertEqual(action["tag"], "sicantik_documents.upload")
        told = action["params"]
        self.assertEqual(
            (told["permit"], told["document"], told["types"], told["most_mib"]),
            (self.permit_1.id, 0, [[kind.id, "Surat"]], 32),
        )
        document = self.document()
        told = document.with_user(self.operator).action_new_version()["params"]
        self.assertEqual(told["document"], document.id)
        wizard = self.env["sicantik.document.choose"].with_user(self.operator)
        wizard = wizard.create({"permit_id": self.permit_1.id})
        self.assertEqual(wizard.action_upload(), action)
        self.config.worker_public_key = False
        with self.assertRaisesRegex(UserError, "has not told its key"):
            self.permit_1.with_user(self.operator).action_upload_documents()

    def test_the_viewer_s_preview(self):
        version = self.document(name="Surat 503/1").current_version_id
        action = version.document_id.with_user(self.viewer).action_preview()
        self.assertEqual(action["tag"], "sicantik_documents.preview")
        self.assertEqual(action["params"]["name"], "Surat 503_1.pdf")
        number = version.document_id.number.replace("/", "_")
        self.assertTrue(action["params"]["url"].endswith(f"/{number}-1.pdf"))
        saving = version.with_user(self.viewer).action_download()
        self.assertTrue(saving["url"].startswith(action["params"]["url"]))
