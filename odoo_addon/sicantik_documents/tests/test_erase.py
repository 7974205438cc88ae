from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .documents_case import PDF
from .erase_case import NAME, EraseCase


@tagged("post_install", "-at_install", "sicantik")
class TestErase(EraseCase):
    """What is erased goes for good, and says so; nothing is told that the worker did
    not confirm."""

    def test_files_and_words_go_and_hash_and_date_stay(self):
        subject, number = self.subject, self.subject.number
        subject.message_post(body=f"Telepon dari {NAME}", subject=NAME)
        subject.name = f"{NAME} 2"
        subject.activity_schedule("mail.mail_activity_data_todo", note=NAME)
        named = self.also_named(subject)
        self.env.flush_all()
        kept = {(v.sha256, v.size, v.uploaded_at) for v in subject.version_ids}
        wizard = self.erase(reason="  surat 3 Maret ")
        self.assertEqual((wizard.document_count, wizard.version_count), (0, 0))
        self.assertEqual((subject.state, subject.name), ("withdrawn", number))
        self.assertIn("few minutes", subject.hint)
        self.job()
        self.assertEqual((subject.state, subject.hint), ("erased", False))
        self.assertEqual(
            (subject.erased_by_id, subject.erased_reason),
            (self.manager, "surat 3 Maret"),
        )
        self.assertFalse(self.worker_server.files)
        versions = subject.version_ids
        self.assertEqual(kept, {(v.sha256, v.size, v.uploaded_at) for v in versions})
        self.assertTrue(all(versions.mapped("erased_at")))
        self.assertFalse(any(versions.mapped("title")))
        self.assertFalse(any(versions.mapped("original_filename")))
        self.assertFalse(subject.activity_ids)
        for records in named:
            self.assertFalse(records.exists(), records._name)
        messages = subject.message_ids.sudo()
        self.assertGreater(len(messages), 3)
        written = [*messages.mapped("body"), *messages.mapped("subject")]
        written += messages.tracking_value_ids.mapped("old_value_char")
        written += messages.tracking_value_ids.mapped("new_value_char")
        written += messages.mapped("record_name")
        self.assertNotIn("Budi", str(written))
        self.assertIn("surat 3 Maret", str(written))

    def also_named(self, subject):
        """Records that Odoo keeps apart from the history, and that name somebody."""
        done = subject.activity_schedule("mail.mail_activity_data_todo", summary=NAME)
        # As Odoo does with what is done, by its version or the activity's type.
        done.active = False
        own = {"name": NAME, "res_model": done._name, "res_id": done.id}
        of_done = self.env["ir.attachment"].create(own)
        planned = self.env["mail.scheduled.message"].create(
            {
                **{"model": subject._name, "res_id": subject.id, "body": NAME},
                "author_id": self.env.user.partner_id.id,
                "scheduled_date": fields.Datetime.now() + timedelta(days=1),
            }
        )
        translated = self.env["mail.message.translation"].create(
            {
                "message_id": subject.message_ids[0].id,
                **{"source_lang": "id", "target_lang": "en_US", "body": NAME},
            }
        )
        return done, of_done, planned, translated

    def test_a_worker_that_is_away_is_asked_again(self):
        self.away()
        self.erase()
        self.job()
        self.assertEqual(self.subject.state, "withdrawn")
        self.assertIn("when it is back", self.subject.hint)
        self.assertFalse(any(self.subject.version_ids.mapped("erased_at")))
        self.back()
        self.job()
        self.assertEqual(self.subject.state, "erased")
        self.assertFalse(self.subject.erase_fault)
        self.job()
        self.assertEqual(len(self.asked()), 2, "once each")

    def test_each_answer_is_noted_at_once(self):
        self.erase()
        first, second = self.subject.version_ids
        del self.worker_server.files[second.uuid]
        self.job()
        self.assertEqual((bool(first.erased_at), bool(second.erased_at)), (True, False))
        self.assertEqual(self.subject.state, "withdrawn")
        self.assertIn("sicantik files recover", self.subject.hint)
        self.worker_server.files[second.uuid] = ({}, PDF)
        self.job()
        self.assertEqual(self.subject.state, "erased")

    def test_what_the_worker_does_not_confirm_is_not_erased(self):
        self.erase()
        for status in (401, 409, 500, 200, 302):
            self.worker_server.says = (status, {"code": "x"})
            self.job()
            self.assertEqual(self.subject.state, "withdrawn", status)
            self.assertTrue(self.subject.hint.endswith("."), status)

    def test_an_erased_document_says_so(self):
        self.erase()
        for _time in range(2):
            mine = self.subject.with_user(self.manager)
            for method in ("action_preview", "action_download", "action_take_back"):
                with self.assertRaisesRegex(UserError, "was erased"):
                    getattr(mine, method)()
            with self.assertRaisesRegex(UserError, "not erased yet"):
                mine.action_erase()
            with self.assertRaises(UserError):
                mine.action_new_version()
            self.job()

    def test_what_waits_goes_too(self):
        waiting = self.uploads.create(
            {
                **{"document_id": self.subject.id, "uuid": "waiting", "number": 3},
                **{"stage": "original", "size": 9, "sha256": "1" * 64},
                **{"title": NAME, "reason": "away", "sealed": b"\x04sealed"},
            }
        )
        self.assertTrue(self.subject.is_waiting)
        self.erase()
        self.assertFalse(waiting.sealed or waiting.title)
        self.assertFalse(self.subject.is_waiting)
        self.send_waiting()
        self.assertFalse([m for m, *_ in self.worker_server.heard if m == "PUT"])
        self.job()
        self.assertTrue(waiting.exists(), "it may be on its way still")
        self.assertEqual(self.subject.state, "withdrawn")
        self.assertIn("by itself", self.subject.hint)
        self.assertNotIn("recover", self.subject.hint)
        self.subject.erase_ordered_at -= timedelta(minutes=11)
        self.job()
        self.assertFalse(waiting.exists())
        self.assertEqual(self.subject.state, "erased")

    def test_the_same_bytes_may_come_again(self):
        sha256 = self.subject.current_version_id.sha256
        with self.assertRaises(UserError):
            self.documents._refuse_double(self.permit_1, sha256)
        self.erase()
        self.documents._refuse_double(self.permit_1, sha256)
        self.assertFalse(self.documents._pack_again(self.permit_1, sha256))

    def test_managers_alone_erase_with_a_reason(self):
        for user in (self.viewer, self.operator):
            with self.assertRaises(AccessError):
                self.subject.with_user(user).action_erase()
            with self.assertRaises(AccessError):
                self.subject.with_user(user)._erase("x")
        with self.assertRaisesRegex(UserError, "Say why"):
            self.erase(reason="  ")
        self.config.worker_url = False
        with self.assertRaisesRegex(UserError, "No worker is connected"):
            self.erase()
        self.assertFalse(self.subject.erase_ordered_at)

    def test_the_documents_of_a_person(self):
        partner = self.env["res.partner"].create({"name": "Budi Contoh"})
        (self.permit_1 | self.permit_2).write({"partner_id": partner.id})
        second = self.document(self.permit_2)
        mine = partner.with_user(self.manager)
        self.assertEqual(mine.sicantik_document_count, 2)
        with self.assertRaises(AccessError):
            partner.with_user(self.operator).action_erase_sicantik_documents()
        action = mine.action_erase_sicantik_documents()
        self.assertEqual(
            set(action["context"]["default_document_ids"]), {self.subject.id, second.id}
        )
        self.erase(self.subject | second)
        with self.assertRaisesRegex(UserError, "not erased yet"):
            mine.action_erase_sicantik_documents()

    def test_withdrawn_documents_are_kept_unless_the_office_says_how_long(self):
        recent, ready = self.document(), self.document(self.permit_2)
        for document, days in ((self.subject, 31), (recent, 29)):
            document.with_user(self.operator)._withdraw(f"salah {NAME}")
            document.withdrawn_at = fields.Datetime.now() - timedelta(days=days)
        self.job()
        self.assertFalse(self.subject.erase_ordered_at, "the default: never")
        for days in (-1, 1, 29, 40_000):
            with self.assertRaises(ValidationError):
                self.config.with_user(self.manager).document_keep_days = days
        self.config.with_user(self.manager).document_keep_days = 30
        self.away()
        self.job()
        self.assertEqual(self.subject.state, "withdrawn")
        self.back()
        self.job()
        self.assertEqual(
            (self.subject + recent + ready).mapped("state"),
            ["erased", "withdrawn", "draft"],
        )
        self.assertEqual(self.subject.withdrawn_by_id, self.operator)
        self.assertFalse(self.subject.erased_by_id or self.subject.withdrawn_reason)
        self.assertIn("as long ago", str(self.subject.message_ids.mapped("body")))
        self.assertNotIn("Budi", str(self.subject.message_ids.mapped("body")))

    def test_the_worker_alone_asks_what_odoo_knows(self):
        self.erase()
        other, first = self.document(), self.subject.version_ids[0]
        first.erased_at = fields.Datetime.now()
        hashes = [*self.subject.version_ids.mapped("sha256"), "unknown"]
        hashes.append(other.current_version_id.sha256)
        told = self.rpc("sicantik.document.version", "of_hashes", hashes=hashes)
        self.assertEqual(told["erased"], [first.uuid])
        living = {one["version"]: one for one in told["living"]}
        second = self.subject.version_ids[1]
        self.assertEqual(living.keys(), {second.uuid, other.current_version_id.uuid})
        self.assertEqual(
            living[second.uuid],
            {
                **{"version": second.uuid, "document": self.subject.uuid},
                **{"number": second.number, "stage": "original", "size": len(PDF)},
                **{"sha256": second.sha256, "by": ""},
            },
        )
        self.assertTrue(told["database_uuid"])
        versions = self.env["sicantik.document.version"]
        for user in (self.manager, self.env.user):
            with self.assertRaises(AccessError):
                versions.with_user(user).of_hashes(["0"])
        for wrong in (["0"] * 501, "0", [1], None):
            with self.assertRaises(UserError):
                self.rpc("sicantik.document.version", "of_hashes", hashes=wrong)

    def test_many_go_in_parts(self):
        documents = self.document() + self.document() + self.document()
        self.config.document_keep_days = 30
        documents._withdraw("salah")
        documents.withdrawn_at = fields.Datetime.now() - timedelta(days=31)
        path = "odoo.addons.sicantik_documents.models.config.erase.AT_ONCE"
        with patch(path, 2):
            self.job()
        self.assertTrue(all(documents.mapped("erase_ordered_at")))
