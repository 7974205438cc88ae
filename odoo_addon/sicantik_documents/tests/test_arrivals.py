import uuid
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.sicantik_connector.tests.common import row_of

from .documents_case import DocumentsCase, DocumentsHttpCase

LONG_1, LONG_2 = "503/0001/CTH/2099", "503/0002/CTH/2099"


class ArrivalsCase(DocumentsCase):
    def setUp(self):
        super().setUp()
        run = self.start()
        self.upsert(run, row_of("101", LONG_1), row_of("102", LONG_2))
        self.finish(run)
        self.long_1, self.long_2 = self.permit("101"), self.permit("102")
        self.arrivals = self.env["sicantik.document.arrival"]

    def file(self, name="pindai.pdf", text="", refusal=None, sha256=None, **values):
        """A file as the worker offers it."""
        return {
            "key": uuid.uuid4().hex,
            "name": name,
            "size": 2048,
            "sha256": sha256 or uuid.uuid4().hex * 2,
            "pages": 2,
            "title": "Surat \u202eIzin",
            "signatures": 0,
            "text": text,
            "refusal": refusal,
            **values,
        }

    def offer(self, *files):
        return self.rpc("sicantik.document.arrival", "offer", files=list(files))[
            "files"
        ]

    def say_kept(self, *files):
        keys = [file["key"] for file in files]
        return self.rpc("sicantik.document.arrival", "kept", keys=keys)["files"]

    def arrival_of(self, file):
        return self.arrivals.search([("key", "=", file["key"])])

    def bring(self, **values):
        """The arrival of a file whose bytes the worker keeps."""
        return self.take(self.file(**values))

    def take(self, file):
        [said] = self.offer(file)
        if said["version"]:
            [said] = self.say_kept(file)
        arrival = self.arrival_of(file)
        self.assertEqual(said["outcome"], arrival.state, said)
        self.assertTrue(said["sentence"].endswith("."), said)
        return arrival


@tagged("post_install", "-at_install", "sicantik")
class TestArrivals(ArrivalsCase):
    def test_one_number_in_the_name_imports(self):
        arrival = self.bring(name="Izin 503_0001_CTH_2099.pdf", text=LONG_2)
        document = arrival.document_id
        self.assertEqual(
            (arrival.state, document.permit_id, document.name, document.state),
            ("imported", self.long_1, "Izin 503_0001_CTH_2099", "draft"),
        )
        version = document.current_version_id
        self.assertEqual(
            (version.uuid, version.sha256, version.pages, version.stage),
            (arrival.version_uuid, arrival.sha256, 2, "original"),
        )
        self.assertEqual(version.title, "Surat Izin")
        self.assertEqual(version.uploaded_by_id, self.worker)

    def test_one_number_in_the_text_imports(self):
        arrival = self.bring(text=f"Nomor : {LONG_2.replace('/', ' / ')}", signatures=1)
        self.assertEqual(arrival.document_id.permit_id, self.long_2)
        self.assertEqual(arrival.document_id.stage, "signed")

    def test_a_registration_number_is_one_too(self):
        run = self.start()
        self.upsert(run, row_of("20990101777", "503/0009/CTH/2099"))
        self.finish(run)
        arrival = self.bring(name="20990101777.pdf")
        self.assertEqual(arrival.document_id.permit_id, self.permit("20990101777"))

    def test_the_office_may_have_it_ready_at_once(self):
        self.config.document_inbox_ready = True
        self.assertEqual(self.bring(text=LONG_1).document_id.state, "ready")

    def test_nothing_is_found_by_likeness(self):
        for text in (
            "503/0001/CTH/209",
            "503/00010/CTH/2099",
            "5030001CTH2099",
            "",
            "503/1",
        ):
            self.assertEqual(self.bring(text=text).state, "unmatched", text)

    def test_permits_of_another_office_are_not_found(self):
        other = self.another_office(document_inbox=False)
        run = self.start(config=other)
        self.upsert(run, row_of("777", "503/0777/CTH/2099"))
        self.finish(run)
        self.assertEqual(self.bring(text="503/0777/CTH/2099").state, "unmatched")

    def test_several_are_proposed_and_one_is_chosen(self):
        arrival = self.bring(text=f"{LONG_1} menggantikan {LONG_2}")
        self.assertEqual(arrival.state, "unmatched")
        self.assertEqual(arrival.proposal_ids.permit_id, self.long_1 | self.long_2)
        second = arrival.proposal_ids.filtered(lambda p: p.permit_id == self.long_2)
        with self.assertRaises(AccessError):
            second.with_user(self.viewer).action_choose()
        action = second.with_user(self.operator).action_choose()
        document = self.documents.browse(action["res_id"])
        self.assertEqual(document.permit_id, self.long_2)
        self.assertEqual(document.current_version_id.uploaded_by_id, self.operator)
        self.assertEqual(
            (arrival.state, arrival.decided_by_id, arrival.document_id),
            ("imported", self.operator, document),
        )
        for press in (
            second.with_user(self.operator).action_choose,
            arrival.action_dismiss,
        ):
            with self.assertRaisesRegex(UserError, "decided already"):
                press()

    def test_a_person_finds_its_permit(self):
        arrival = self.bring(text="tanpa nomor")
        mine = arrival.with_user(self.operator)
        with self.assertRaisesRegex(UserError, "Choose the permit first"):
            mine.action_attach()
        mine.permit_id = self.permit_1
        mine.action_attach()
        self.assertEqual(arrival.document_id.permit_id, self.permit_1)
        with self.assertRaisesRegex(UserError, "decided already"):
            mine.permit_id = self.permit_2

    def test_what_was_never_kept_is_no_copy(self):
        """Keeping failed, and somebody copies the file anew."""
        file = self.file()
        self.offer(file)
        again = self.bring(sha256=file["sha256"])
        self.assertEqual(again.state, "unmatched")
        self.say_kept(file)
        self.assertEqual(self.arrival_of(file).state, "double")

    def test_two_that_wait_for_a_person_are_one(self):
        for text in ("", f"{LONG_1} {LONG_2}"):
            file = self.file(text=text)
            other = self.file(text=text, sha256=file["sha256"])
            self.offer(file, other)
            said = self.say_kept(file, other)
            outcomes = [one["outcome"] for one in said]
            self.assertEqual(outcomes, ["unmatched", "double"], text)

    def test_a_permit_has_the_file_already(self):
        waits = self.bring(text=f"{LONG_1} {LONG_2}")
        has = self.bring(name="503_0001_CTH_2099.pdf", sha256=waits.sha256).document_id
        mine = waits.with_user(self.operator)
        mine.permit_id = self.long_1
        with self.assertRaisesRegex(UserError, f"{has.number}.*Nothing was attached"):
            mine.action_attach()
        has.with_user(self.operator)._withdraw("salah")
        with self.assertRaisesRegex(UserError, "withdrawn.*Nothing was attached"):
            mine.action_attach()
        mine.permit_id = self.long_2
        with patch.object(type(self.config), "_announce", autospec=True) as announce:
            mine.action_attach()
        announce.assert_called_once_with(self.config)

    def test_the_same_bytes_are_one_document_of_a_permit(self):
        first = self.bring(text=LONG_1)
        again = self.bring(text=LONG_1, sha256=first.sha256)
        self.assertEqual(
            (again.state, again.document_id), ("double", first.document_id)
        )
        other = self.bring(name="503_0002_CTH_2099.pdf", sha256=first.sha256)
        self.assertEqual(other.state, "imported")
        unnamed = self.bring(sha256=first.sha256)
        self.assertEqual(unnamed.state, "double")
        self.assertEqual(unnamed.document_id.current_version_id.sha256, first.sha256)
        waits = self.bring()
        self.assertEqual(self.bring(sha256=waits.sha256).state, "double")
        waits.permit_id = self.long_1
        waits.action_attach()
        self.assertEqual(
            len(self.long_1.document_count and self.documents.search([])), 3
        )

    def test_two_that_land_at_once_are_one(self):
        file, other = self.file(text=LONG_1), self.file(text=LONG_1)
        other["sha256"] = file["sha256"]
        self.offer(file, other)
        said = self.rpc(
            "sicantik.document.arrival", "kept", keys=[file["key"], other["key"]]
        )["files"]
        self.assertEqual({one["outcome"] for one in said}, {"imported", "double"})
        self.assertEqual(len(self.documents.search([])), 1)

    def test_what_comes_again_hears_the_same(self):
        file = self.file(text=LONG_1)
        first, second = self.offer(file), self.offer(file)
        self.assertEqual(first, second)
        self.assertIsNone(first[0]["outcome"])
        kept = [self.say_kept(file) for _time in range(2)]
        self.assertEqual(kept[0], kept[1])
        self.assertEqual(kept[0][0]["outcome"], "imported")
        [again] = self.offer(file)
        self.assertIsNone(again["outcome"])
        self.assertEqual(again["version"]["uuid"], first[0]["version"]["uuid"])
        self.assertEqual(self.say_kept(file), kept[0])
        self.assertEqual(len(self.documents.search([])), 1)

    def test_a_refused_file_is_told_in_words(self):
        [said] = self.offer(self.file(refusal="encrypted", pages=0))
        self.assertEqual(said["outcome"], "refused")
        self.assertIn("password", said["sentence"])
        self.assertIsNone(said["version"])

    def test_one_configuration_has_the_inbox(self):
        other = self.another_office()
        self.assertFalse(other.document_inbox)
        refused = self.assertRaisesRegex(ValidationError, "Kantor Contoh")
        with refused, self.env.cr.savepoint():
            other.document_inbox = True
        self.config.document_inbox = False
        settings = self.rpc("sicantik.document.arrival", "worker_settings")
        self.assertFalse(settings["wanted"])
        self.assertEqual(self.offer(self.file(text=LONG_1)), [])
        other.document_inbox = True
        settings = self.rpc("sicantik.document.arrival", "worker_settings")
        self.assertEqual((settings["wanted"], settings["largest_mib"]), (True, 32))
        self.assertEqual(self.bring(text=LONG_1).company_id, other.company_id)

    def test_of_several_none_has_the_inbox_by_itself(self):
        other, configs = self.another_office(), self.env["sicantik.config"]
        both = self.config | other
        both.document_inbox = False
        self.assertFalse(configs.default_get(["document_inbox"])["document_inbox"])
        # As at installation: the column is new, and there are rows.
        self.env.flush_all()
        self.env.cr.execute("UPDATE sicantik_config SET document_inbox = NULL")
        configs._init_column("document_inbox")
        self.env.invalidate_all()
        self.assertEqual(both.mapped("document_inbox"), [False, False])
        other.active = False
        self.assertTrue(configs.default_get(["document_inbox"])["document_inbox"])

    def test_names_are_shown_as_they_are_and_do_no_harm(self):
        for name in ("../../etc/passwd", "a\x00b.pdf", "fdp.\u202eexe", "x" * 300, " "):
            arrival = self.bring(name=name)
            self.assertTrue(arrival.name.isprintable(), name)
            arrival.permit_id = self.permit_1
            arrival.action_attach()
            self.assertNotRegex(arrival.document_id.name, r"[/\\\x00-\x1f\u202e]")

    def test_absorbed_permits_leave_what_waits(self):
        arrival = self.bring(text=f"{LONG_1} {LONG_2}")
        arrival.permit_id = self.long_2
        self.long_1._absorb(self.long_2)
        self.assertEqual(arrival.permit_id, self.long_1)
        self.assertEqual(arrival.proposal_ids.permit_id, self.long_1)


@tagged("post_install", "-at_install", "sicantik")
class TestArrivalsShown(ArrivalsCase, DocumentsHttpCase):
    def test_who_may_see_it_sees_its_bytes(self):
        arrival = self.bring()
        self.worker_server.files[arrival.version_uuid] = (
            {"sha256": arrival.sha256},
            b"%PDF-",
        )
        arrival.sudo().size = 5
        url = arrival.with_user(self.viewer).action_preview()["params"]["url"]
        for user, status in ((self.viewer, 200), (None, 303)):
            self.as_person(user)
            response = self.opener.get(
                self.base_url() + url, timeout=30, allow_redirects=False
            )
            self.assertEqual(response.status_code, status)
        stranger = self._user("portal", "base.group_portal")
        self.as_person(stranger)
        response = self.opener.get(self.base_url() + url, timeout=30)
        self.assertEqual(response.status_code, 404)
        arrival.action_dismiss()
        self.as_person(self.viewer)
        response = self.opener.get(self.base_url() + url, timeout=30)
        self.assertEqual(response.status_code, 404)
