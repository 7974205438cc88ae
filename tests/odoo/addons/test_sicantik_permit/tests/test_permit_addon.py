from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.sicantik_connector.tests.common import SicantikCase, row_of, type_of

PAST = "2026-03-01"


@tagged("post_install", "-at_install", "sicantik")
@freeze_time("2026-03-10 03:00:00")
class TestPermitAddon(SicantikCase):
    """Another addon about permits, on the connector alone."""

    def setUp(self):
        super().setUp()
        self.run_key = self.start()

    def brought(self, registration, number=None, **changes):
        self.upsert(self.run_key, row_of(registration, number, **changes))
        return self.permit(registration)

    def mine(self, permit):
        return permit.with_user(self.operator)

    def logged(self, permit):
        """``[(old, new)]`` of a permit, the oldest first."""
        lines = self.env["test.sicantik.status.log"]
        lines = lines.search([("permit_id", "=", permit.id)])
        return [(line.old_status, line.new_status) for line in lines]

    def two_drafts(self):
        """An application for two types, and the row in which both have one number."""
        types = [type_of("Izin Hotel"), type_of("Izin Restoran")]
        rows = [row_of("1", permit_type=one) for one in types]
        self.upsert(self.run_key, *rows)
        own = [("registration_number", "=", "1")]
        drafts = self.permits.search(own, order="id")
        row = row_of("1", "503/1", permit_type=types[0], further_types=types[1:])
        return drafts, row

    def test_the_connector_needs_no_other_addon(self):
        self.assertNotIn("sicantik.notice", self.env)
        user = self.mine(self.permits).env
        root = self.env.ref("sicantik_connector.sicantik_menu_root")
        menus = self.env["ir.ui.menu"].search([("id", "child_of", root.id)])
        for action in (menu.action for menu in menus if menu.action):
            if action.type == "ir.actions.act_window":
                views = [(False, kind) for kind in action.view_mode.split(",")]
                user[action.res_model].get_views([*views, (False, "search")])

    def test_every_change_of_a_status_is_logged_whoever_made_it(self):
        permit = self.brought("1")
        self.brought("1", "503/1")
        self.mine(permit).expiry_date = PAST
        self.mine(permit).expiry_date = False
        self.mine(permit)._cancel("Pindah", "moved")
        self.mine(permit).action_reopen()
        run = self.start("expiry", full=True)
        detail = {"id": permit.id, "outcome": "found", "hash": "b" * 32}
        rows = [{**detail, "detail": {"expiry_date": "2026-03-12"}}]
        self.rpc("sicantik.permit", "apply_details", rows=rows, **run)
        with freeze_time("2026-03-13 03:00:00"):
            self.env["sicantik.config"]._cron_update_expired()
        self.assertEqual(
            self.logged(permit),
            [
                ("draft", "active"),
                ("active", "expired"),
                ("expired", "active"),
                ("active", "cancelled"),
                ("cancelled", "active"),
                ("active", "expired"),
            ],
        )

    def test_what_is_moved_stays_and_what_is_not_goes_with_the_other_permit(self):
        (kept, gone), row = self.two_drafts()
        self.mine(kept | gone).action_make_paper()
        self.mine(gone)._cancel("Tidak jadi")
        self.mine(gone)._reopen()
        papers = kept.paper_ids | gone.paper_ids
        self.assertEqual(len(self.logged(gone)), 2)
        self.assertCounts(self.upsert(self.run_key, row), rekeyed=1)
        self.assertFalse(gone.exists())
        self.assertEqual(kept.paper_ids, papers)
        self.assertEqual(self.logged(kept), [("draft", "active")])
        lines = self.env["test.sicantik.status.log"].search([])
        self.assertEqual(lines.permit_id, kept)

    def test_the_form_has_the_addon_s_field_button_and_page_in_their_places(self):
        permit = self.brought("1", "503/1")
        arch = etree.fromstring(self.mine(permit).get_view(view_type="form")["arch"])
        for path in (
            "//header[@name='header']/button[@name='action_make_paper']",
            "//group[@name='validity']/field[@name='shelf']",
            "//notebook[@name='pages']/page[@name='papers']"
            "/following-sibling::page[@name='source']",
        ):
            self.assertEqual(len(arch.xpath(path)), 1, path)
        with Form(self.mine(permit)) as form:
            form.shelf = "A3"
        self.assertEqual(permit.shelf, "A3")
        self.mine(permit).action_make_paper()
        self.assertEqual(permit.paper_ids.name, "503/1")
        for refused in (
            lambda viewed: viewed.write({"shelf": "B"}),
            lambda viewed: viewed.action_make_paper(),
        ):
            with self.assertRaises(AccessError):
                refused(permit.with_user(self.viewer))

    def test_a_kind_of_ending_of_the_addon_is_offered_and_kept(self):
        permit = self.brought("1", "503/1")
        action = self.mine(permit).action_cancel_permits()
        wizards = self.env[action["res_model"]].with_user(self.operator)
        with Form(wizards.with_context(**action["context"])) as form:
            form.ending = "moved"
            form.reason = "Pindah ke kabupaten lain"
        form.record.action_confirm()
        self.assertEqual((permit.status, permit.ending), ("cancelled", "moved"))
        groups = self.permits._read_group([], ["ending"], ["__count"])
        self.assertIn(("moved", 1), groups)

    def test_the_kind_of_an_addon_that_goes_becomes_the_common_one(self):
        permit = self.brought("1", "503/1")
        self.mine(permit)._cancel("Pindah", "moved")
        kinds = self.env["ir.model.fields.selection"].search(
            [("field_id.model", "=", "sicantik.permit"), ("value", "=", "moved")]
        )
        kinds._process_ondelete()
        self.assertEqual(permit.ending, "cancelled")

    def test_a_reader_catches_up(self):
        one, two = self.brought("1", "503/1"), self.brought("2")
        mirror = self.env["test.sicantik.mirror"].create({"config_id": self.config.id})
        self.assertEqual(mirror._catch_up(limit=1), [one.id, two.id])
        kept = {str(one.id): ["active", False], str(two.id): ["draft", False]}
        self.assertEqual(mirror.copies, kept)
        self.mine(one)._cancel("Dicabut", "revoked")
        self.assertIn(one.id, mirror._catch_up())
        self.assertEqual(mirror.copies[str(one.id)], ["cancelled", "revoked"])
