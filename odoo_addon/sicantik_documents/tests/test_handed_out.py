import hashlib
from datetime import timedelta

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.modules.neutralize import neutralize_database
from odoo.tests import tagged

from odoo.addons.sicantik_connector.tests.common import GROUP

from .documents_case import DocumentsCase

ADDRESS = "https://perizinan.contoh.test"


@tagged("post_install", "-at_install", "sicantik")
class TestHandedOut(DocumentsCase):
    def setUp(self):
        super().setUp()
        self.config.worker_public_address = ADDRESS
        self.kind = self.permit_1.permit_type_id
        self.kind.publish_documents = True
        self.of_worker = self.documents.with_user(self.worker)

    def ready(self, **values):
        document = self.document(**values)
        document.with_user(self.operator).action_ready()
        return document

    def address(self, document):
        self.env.invalidate_all()
        action = document.with_user(self.operator).action_public_address()
        return action["params"]["url"]

    def asked(self, address):
        """What the worker hears of an address."""
        self.env.invalidate_all()
        token = address.rpartition("/")[2]
        digest = hashlib.sha256(token.encode()).hexdigest()
        return self.of_worker.handed_out(digest)

    def test_an_address_gives_the_version_that_is_handed_out(self):
        document = self.ready()
        address = self.address(document)
        self.assertRegex(address, rf"^{ADDRESS}/documents/[\w-]{{43}}$")
        self.assertEqual(document.publication, "published")
        version = document.current_version_id
        said = self.asked(address)
        self.assertEqual(
            said,
            {
                "state": "ready",
                "version": version.uuid,
                "name": f"{document.number.replace('/', '_')}-1.pdf",
                "size": version.size,
                "sha256": version.sha256,
            },
        )
        newer = self.version(document)
        self.assertEqual(self.asked(address)["version"], newer.uuid)
        self.assertEqual(self.address(document), address, "it stays the same")
        self.assertNotEqual(self.address(self.ready()), address)

    def test_what_no_address_is(self):
        self.ready()
        for digest in ("0" * 64, "", "%", False, None, 1, [], {"a": 1}, "x" * 64):
            self.assertEqual(self.of_worker.handed_out(digest), {})

    def test_only_the_worker_may_ask(self):
        people = (self.viewer, self.operator, self.manager)
        for user in (*people, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self.documents.with_user(user).handed_out("0" * 64)

    def test_nobody_finds_a_token(self):
        self.ready()
        for user in (self.operator, self.manager, self.env.ref("base.user_admin")):
            documents = self.documents.with_user(user)
            permits = self.permits.with_user(user)
            for ask in (
                lambda d=documents: d.search([("public_token", "like", "a")]),
                lambda d=documents: d.search([("public_token_sha256", "!=", False)]),
                lambda p=permits: p.search(
                    [("document_ids.public_token", "like", "a")]
                ),
                lambda d=documents: d.search([], limit=1).read(["public_token"]),
                lambda d=documents: d.search([], order="public_token").ids,
                lambda d=documents: d._read_group([], ["public_token"]),
            ):
                with self.assertRaises(AccessError):
                    ask()
            self.assertFalse(
                {"public_token", "public_token_sha256"} & documents.fields_get().keys()
            )

    def test_taken_back_it_never_was(self):
        document = self.ready()
        address, mine = self.address(document), document.with_user(self.operator)
        mine.action_take_back_address()
        self.assertEqual(self.asked(address), {})
        self.assertEqual(document.publication, "no_address")
        self.assertIn("taken back", str(document.message_ids.mapped("body")))
        with self.assertRaisesRegex(UserError, "no public address"):
            mine.action_public_address()
        # Nor does it come back by itself, nor another one.
        mine.action_draft()
        mine.action_ready()
        self.assertEqual(
            (self.asked(address), document.publication), ({}, "no_address")
        )
        mine.action_new_address()
        newer = self.address(document)
        self.assertNotEqual(newer, address)
        self.assertEqual(
            (self.asked(newer)["state"], self.asked(address)), ("ready", {})
        )
        mine.action_new_address()
        self.assertEqual(self.asked(newer), {}, "another one, and the last is dead")
        notes = document.message_ids.filtered(lambda m: "address" in (m.body or ""))
        self.assertEqual(notes.author_id, self.operator.partner_id)

    def test_what_is_for_the_office_alone_says_so(self):
        document = self.ready()
        address, permit = self.address(document), self.permit_1
        mine, yesterday = document.with_user(self.operator), self.config._today()
        yesterday -= timedelta(days=1)
        for status in ("cancelled", "renewed", "expired"):
            permit.write({"status": status})
            self.assertEqual(self.asked(address), {"state": status})
            self.assertEqual(document.publication, "staff")
        # The office's day has come, and the action of the day has not run yet.
        permit.write({"status": "active", "expiry_date": yesterday})
        self.assertEqual(self.asked(address), {"state": "expired"})
        permit.write({"expiry_date": False})
        self.assertEqual(self.asked(address)["state"], "ready")
        mine.action_draft()
        self.assertEqual(self.asked(address), {"state": "draft"})
        mine.action_ready()
        self.assertEqual(self.asked(address)["state"], "ready")
        mine._withdraw("salah")
        self.assertEqual(self.asked(address), {"state": "withdrawn"})

    def test_an_address_that_sleeps_can_be_taken_back(self):
        document = self.ready()
        address, mine = self.address(document), document.with_user(self.operator)
        mine.action_draft()
        self.assertTrue(document.with_user(self.viewer).has_address)
        form = etree.fromstring(mine.get_view(view_type="form")["arch"])
        [button] = form.xpath("//button[@name='action_take_back_address']")
        self.assertEqual(button.get("invisible"), "not has_address")
        mine.action_take_back_address()
        self.assertFalse(mine.has_address)
        mine.action_ready()
        self.assertEqual(self.asked(address), {})

    def test_a_manager_says_what_is_published(self):
        document = self.ready()
        address, kind = self.address(document), self.kind
        with self.assertRaisesRegex(AccessError, "Manager"):
            kind.with_user(self.operator).action_stop_publishing()
        kind.with_user(self.manager).action_stop_publishing()
        self.assertEqual(self.asked(address), {"state": "unpublished"})
        self.assertEqual(document.publication, "none")
        kind.with_user(self.manager).action_publish_documents()
        self.assertEqual(self.asked(address)["state"], "ready")

    def test_where_the_office_signs_only_what_is_signed_is_handed_out(self):
        document = self.ready()
        address = self.address(document)
        signs = type(self.documents)
        self.patch(signs, "_is_signed_here", lambda self, permit_type: True)
        self.assertEqual(self.asked(address), {"state": "unsigned"})
        signed = self.version(document, stage="signed")
        self.assertEqual(self.asked(address)["version"], signed.uuid)
        self.version(document)
        self.assertEqual(
            self.asked(address)["version"], signed.uuid, "the original waits"
        )

    def test_a_copy_for_tests_knows_no_address(self):
        document = self.ready()
        address = self.address(document)
        self.env.flush_all()
        neutralize_database(self.env.cr)
        self.assertEqual(self.asked(address), {})
        self.assertFalse(document.sudo().public_token)

    def test_what_is_erased_never_was(self):
        document = self.ready()
        address = self.address(document)
        document.with_user(self.manager)._erase("Permintaan pemohon")
        self.assertEqual(self.asked(address), {})
        self.assertFalse(document.sudo().public_token)

    def test_two_at_once(self):
        both = self.document() | self.document()
        mine = both.with_user(self.operator)
        mine.action_ready()
        first, second = [self.address(document) for document in both]
        self.assertNotEqual(first, second)
        mine.action_take_back_address()
        mine.action_take_back_address()
        self.assertEqual((self.asked(first), self.asked(second)), ({}, {}))
        self.assertEqual(both.mapped("publication"), ["no_address"] * 2)

    def test_permits_that_become_one_keep_the_address(self):
        document = self.ready()
        address = self.address(document)
        self.permit_2.permit_type_id.publish_documents = True
        self.permit_2.sudo()._absorb(self.permit_1)
        self.assertEqual(document.permit_id, self.permit_2)
        self.assertEqual(self.asked(address)["state"], "ready")
        self.permit_2.status = "cancelled"
        self.assertEqual(self.asked(address)["state"], "cancelled")

    def test_without_a_public_address_of_the_worker(self):
        document = self.ready()
        self.config.worker_public_address = False
        self.assertEqual(document.publication, "no_worker")
        with self.assertRaisesRegex(UserError, "no public address"):
            document.with_user(self.operator).action_public_address()

    def test_strangers_press_nothing(self):
        document = self.ready()
        other = self.another_office()
        strangers = (
            self.viewer,
            self._user(
                "other.operator",
                f"{GROUP}operator",
                company_id=other.company_id.id,
                company_ids=[(6, 0, other.company_id.ids)],
            ),
        )
        for user in strangers:
            for name in ("public_address", "take_back_address", "new_address"):
                with self.assertRaises(AccessError):
                    getattr(document.with_user(user), f"action_{name}")()
