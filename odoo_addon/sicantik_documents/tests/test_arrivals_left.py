from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_arrivals import LONG_1, LONG_2, ArrivalsCase


@tagged("post_install", "-at_install", "sicantik")
class TestArrivalsLeft(ArrivalsCase):
    """Bytes and names of what is no document go; what was lost comes back."""

    def erased(self, *arrivals):
        """What a store of an earlier day hears of their bytes."""
        hashes = [arrival.sha256 for arrival in arrivals]
        return self.rpc("sicantik.document.version", "of_hashes", hashes=hashes)[
            "erased"
        ]

    def test_what_nobody_needs(self):
        arrivals = self.bring() | self.bring()
        with self.assertRaises(AccessError):
            arrivals.with_user(self.viewer).action_dismiss()
        arrivals.with_user(self.operator).action_dismiss()
        self.assertEqual(set(arrivals.mapped("state")), {"dismissed"})
        kept, unknown = arrivals
        self.worker_server.files[kept.version_uuid] = ({}, b"%PDF-")
        self.env["sicantik.config"]._cron_erase_documents()
        self.assertFalse(self.worker_server.files)
        self.assertTrue(kept.erased_at and unknown.erased_at)
        self.assertEqual(
            set(self.erased(*arrivals)), {*arrivals.mapped("version_uuid")}
        )

    def test_what_nobody_needs_goes_at_once_however_much_it_is(self):
        arrivals = self.bring() | self.bring() | self.bring() | self.bring()
        arrivals.action_dismiss()
        leave = "odoo.addons.sicantik_documents.models.arrival.leave.ERASED_AT_ONCE"
        with patch(leave, 2):
            self.worker_server.says = (500, {})
            self.env["sicantik.config"]._cron_erase_documents()
            self.assertFalse(any(arrivals.mapped("erased_at")))
            self.worker_server.says = None
            self.env["sicantik.config"]._cron_erase_documents()
        self.assertTrue(all(arrivals.mapped("erased_at")))

    def test_the_copy_of_what_was_not_needed_comes_anew(self):
        file = self.file()
        arrival = self.take(file)
        arrival.action_dismiss()
        self.assertEqual(self.offer(file)[0]["outcome"], "unmatched")
        self.env["sicantik.config"]._cron_erase_documents()
        again = self.take(file)
        self.assertEqual((again.state, arrival.state), ("unmatched", "dismissed"))
        self.assertNotEqual(again.version_uuid, arrival.version_uuid)
        self.assertEqual(self.erased(arrival), [arrival.version_uuid])

    def test_so_does_a_double_of_what_has_gone(self):
        waits = self.bring()
        file = self.file(sha256=waits.sha256)
        double = self.take(file)
        self.assertEqual(double.state, "double")
        waits.action_dismiss()
        again = self.take(file)
        self.assertEqual((again.state, double.state), ("unmatched", "double"))

    def test_what_is_given_up_comes_anew(self):
        file = self.file(text=LONG_1)
        [first] = self.offer(file)
        lost = self.arrival_of(file)
        lost.arrived_at -= timedelta(days=8)
        self.env["sicantik.config"]._cron_erase_documents()
        self.assertEqual((lost.state, lost.document_id.id), ("dismissed", False))
        self.assertIn("given up", lost.hint)
        self.assertEqual(self.erased(lost), [first["version"]["uuid"]])
        self.assertEqual(self.say_kept(file), [], "it says that too late")
        arrival = self.take(file)
        self.assertEqual(arrival.state, "imported")
        self.assertNotEqual(arrival.version_uuid, lost.version_uuid)

    def test_lost_bytes_are_brought_back(self):
        """The worker keeps again what has these bytes, and says what it is then."""
        file = self.file(text=LONG_1)
        first = self.take(file)
        waits = self.bring()
        for again, kept in (
            (file, first),
            (self.file(text=LONG_1, sha256=first.sha256), first),
            (self.file(sha256=first.sha256), first),
            (self.file(sha256=waits.sha256), waits),
        ):
            for _time in range(2):
                [said] = self.offer(again)
                self.assertIsNone(said["outcome"])
                self.assertEqual(said["version"]["uuid"], kept.version_uuid)
                self.assertEqual(said["version"]["document"], kept.document_uuid)
                [said] = self.say_kept(again)
            expected = "imported" if again is file else "double"
            self.assertEqual(said["outcome"], expected)
        self.env["sicantik.config"]._cron_erase_documents()
        self.assertFalse(self.worker_server.heard, "nothing of it is erased")
        first.document_id.with_user(self.manager)._erase("diminta")
        self.assertEqual(self.offer(file)[0]["outcome"], "imported")

    def test_an_upload_that_waits_has_no_bytes_to_be_kept(self):
        document = self.documents.create({"name": "Izin", "permit_id": self.long_1.id})
        self.uploads.create(
            {
                **{"document_id": document.id, "uuid": "waiting", "number": 1},
                **{"stage": "original", "size": 9, "sha256": "1" * 64},
                **{"title": "Izin", "reason": "away", "sealed": b"\x04sealed"},
            }
        )
        [said] = self.offer(self.file(text=LONG_1, sha256="1" * 64))
        self.assertEqual((said["outcome"], said["version"]), ("double", None))

    def test_of_an_erased_document_no_name_stays(self):
        arrival = self.bring(name="503_0001_CTH_2099 BUDI CONTOH.pdf")
        document = arrival.document_id
        document.with_user(self.manager)._erase("diminta")
        self.assertEqual((arrival.name, arrival.title), (document.number, False))
        again = self.bring(name="503_0001_CTH_2099.pdf", sha256=arrival.sha256)
        self.assertEqual(again.state, "imported")

    def test_nor_of_what_became_no_document_of_its_permit(self):
        document = self.bring(text=LONG_1).document_id
        double = self.bring(text=LONG_1, sha256=document.current_version_id.sha256)
        chosen, proposed = self.bring(), self.bring(text=f"{LONG_1} {LONG_2}")
        chosen.permit_id = self.long_1
        other, waits = self.bring(), self.bring()
        waits.permit_id = self.long_1
        (chosen | proposed | other).action_dismiss()
        document.with_user(self.manager)._erase("diminta")
        self.assertNotIn("pindai", str((double | chosen | proposed).mapped("name")))
        self.assertFalse(any((double | chosen | proposed).mapped("title")))
        self.assertEqual((other | waits).mapped("name"), ["pindai.pdf"] * 2)

    def test_what_became_no_document_has_a_name_for_thirty_days(self):
        imported, waits, dismissed = self.bring(text=LONG_1), self.bring(), self.bring()
        dismissed.action_dismiss()
        double = self.bring(sha256=imported.sha256)
        refused = self.bring(refusal="encrypted")
        every, over = self.arrivals.search([]), dismissed | double | refused
        for days, nameless in ((29, self.arrivals), (31, over)):
            every.arrived_at = fields.Datetime.now() - timedelta(days=days)
            self.arrivals._gc_names()
            for arrival in every:
                is_named = arrival not in nameless
                named = (arrival.name == "pindai.pdf", bool(arrival.title))
                self.assertEqual(named, (is_named, is_named), (days, arrival.state))
        self.assertEqual(every.exists(), imported | waits | over)

    def test_a_store_that_came_back_hears_of_what_waits(self):
        arrival = self.bring()
        said = self.rpc(
            "sicantik.document.version", "of_hashes", hashes=[arrival.sha256]
        )
        self.assertEqual(
            [one["version"] for one in said["living"]], [arrival.version_uuid]
        )

    def test_what_is_over_for_long_is_forgotten(self):
        waits, _over = self.bring(), self.bring(text=LONG_1)
        self.offer(self.file(text=LONG_2))
        every = self.arrivals.search([])
        for days, left in ((30, every), (500, waits)):
            every.arrived_at = fields.Datetime.now() - timedelta(days=days)
            self.arrivals._gc_arrivals()
            self.env["sicantik.config"]._cron_erase_documents()
            self.assertEqual(self.arrivals.search([]), left)
