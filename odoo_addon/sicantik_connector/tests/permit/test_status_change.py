import ast
import re
from pathlib import Path

from freezegun import freeze_time

from odoo.modules.module import get_module_path
from odoo.tests import tagged

from ..common import SicantikCase, row_of, type_of

PAST, LATER = "2026-03-01", "2027-03-01"
# A statement that may give a permit another status, and what of it is set.
WRITES = re.compile(
    r"\bUPDATE\b.*?\bSET\b(?P<set>.*?)(?:\bWHERE\b|\bFROM\b|$)", re.DOTALL | re.I
)


@tagged("post_install", "-at_install", "sicantik")
@freeze_time("2026-03-10 03:00:00")
class TestStatusChange(SicantikCase):
    """Whoever changes a status, ``_after_status_change`` is told, once."""

    def setUp(self):
        super().setUp()
        self.run_key = self.start()
        self.told, self.refused = [], self.permits
        case = self

        def tell(permits, old_status):
            case.assertTrue(permits.env.su)
            with case.statements() as sql:
                case.told += [(p, old_status, p.status) for p in permits]
            case.assertEqual(sql, [], "reading the status costs no query")
            if permits & case.refused:
                raise ValueError("The addon of the test refuses it.")

        self.patch(type(self.permits), "_after_status_change", tell)

    def bring(self, *rows):
        return self.upsert(self.run_key, *rows)

    def brought(self, registration, number=None, expiry=None, **changes):
        dated = {"has_expiry": True, "expiry_date": expiry} if expiry else {}
        self.bring(row_of(registration, number, **dated, **changes))
        return self.permit(registration)

    def mine(self, permit):
        return permit.with_user(self.operator)

    def assertTold(self, *changes):
        self.assertEqual(self.told, list(changes))

    def two_drafts(self):
        """An application for two types; of the second draft a person knows a date."""
        types = [type_of("Izin Hotel"), type_of("Izin Restoran")]
        self.bring(*(row_of("1", permit_type=one) for one in types))
        own = [("registration_number", "=", "1")]
        first, second = self.permits.search(own, order="id")
        self.mine(second).expiry_date = PAST
        return first, row_of(
            "1", "503/1", permit_type=types[0], further_types=types[1:]
        )

    def test_of_a_new_permit_and_of_one_that_stays_nobody_is_told(self):
        permit = self.brought("1", "503/1")
        self.brought("1", "503/1", flags=["name"])
        self.mine(permit).write({"status": "active", "expiry_date": LATER})
        self.assertTold()

    def test_the_day(self):
        past, later = self.brought("1", "503/1"), self.brought("2", "503/2", PAST)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sicantik_permit SET expiry_date = CASE id WHEN %s THEN %s ELSE %s"
            " END::date WHERE id IN %s",
            (past.id, PAST, LATER, (past.id, later.id)),
        )
        self.env.invalidate_all()
        self.env["sicantik.config"]._cron_update_expired()
        self.assertTold((past, "active", "expired"), (later, "expired", "active"))

    def test_what_the_day_may_not_change_stays_alone(self):
        permits = self.brought("1", "503/1"), self.brought("2", "503/2")
        one, self.refused = permits
        self.env.flush_all()
        self.env.cr.execute("UPDATE sicantik_permit SET expiry_date = %s", [PAST])
        self.env.invalidate_all()
        logger = "odoo.addons.sicantik_connector.models.permit.day"
        with self.assertLogs(logger, "ERROR") as heard:
            self.env["sicantik.config"]._cron_update_expired()
        self.assertEqual((one.status, self.refused.status), ("expired", "active"))
        self.assertIn(f"Permit {self.refused.id} stays active", heard.output[0])
        self.assertNotIn("The addon of the test", heard.output[0])
        self.assertEqual([len(self.notes(permit)) for permit in permits], [1, 0])

    def test_the_list(self):
        permit = self.brought("1")
        self.brought("1", "503/1")
        self.brought("1", "503/1", PAST)
        self.assertTold((permit, "draft", "active"), (permit, "active", "expired"))

    def test_what_a_batch_may_not_change_stays_alone(self):
        one, self.refused = self.brought("1"), self.brought("2")
        answer = self.bring(row_of("1", "503/1"), row_of("2", "503/2"))
        self.assertRefused(answer, **{"503/2": "data"})
        self.assertEqual((one.status, self.refused.status), ("active", "draft"))

    def test_a_detail(self):
        permit = self.brought("1", "503/1")
        row = {"id": permit.id, "outcome": "found", "hash": "b" * 32}
        run = self.start("expiry", full=True)
        rows = [{**row, "detail": {"expiry_date": PAST}}]
        self.rpc("sicantik.permit", "apply_details", rows=rows, **run)
        self.assertTold((permit, "active", "expired"))

    def test_a_person_who_enters_a_date(self):
        permit = self.brought("1", "503/1")
        self.mine(permit).expiry_date = PAST
        self.mine(permit).expiry_date = False
        self.assertTold((permit, "active", "expired"), (permit, "expired", "active"))

    def test_what_people_decide(self):
        one, two = self.brought("1", "503/1"), self.brought("2", "503/2", PAST)
        self.mine(one | two)._cancel("Dicabut")
        self.mine(one | two)._reopen()
        self.mine(two)._mark_renewed(self.mine(one))
        self.mine(two).status = "expired"
        self.assertTold(
            (one, "active", "cancelled"),
            (two, "expired", "cancelled"),
            (one, "cancelled", "active"),
            (two, "cancelled", "expired"),
            (two, "expired", "renewed"),
            (two, "renewed", "expired"),
        )

    def test_who_may_not_decide_is_told_why(self):
        self.refused = self.brought("1", "503/1")
        with self.assertRaisesRegex(ValueError, "The addon of the test"):
            with self.env.cr.savepoint():
                self.mine(self.refused)._cancel("Dicabut")
        self.assertEqual(self.refused.status, "active")

    def test_a_draft_that_gets_its_number_and_absorbs_another_one(self):
        draft, numbered = self.two_drafts()
        self.assertCounts(self.bring(numbered), rekeyed=1)
        self.assertTold((draft, "draft", "expired"))
        self.assertEqual(draft.expiry_source, "manual")
        self.assertEqual(len(self.notes(draft)), 1)

    def notes(self, permit):
        return permit.message_ids.filtered(lambda m: "Expired" in (m.body or ""))

    def test_types_that_are_merged(self):
        """The numbered permit takes over the date by hand of a draft."""
        numbered = self.brought("1", "503/1", permit_type=type_of("Izin Hotel"))
        self.bring(row_of("1", permit_type=type_of("Hotel")))
        own = [("permit_type_id.name", "=", "Hotel")]
        self.mine(self.permits.search(own)).expiry_date = PAST
        types = self.env["sicantik.permit.type"].with_user(self.manager)
        old = types.search([("name", "=", "Hotel")])
        old._merge_into(types.browse(numbered.permit_type_id.id))
        self.assertFalse(self.permits.search(own))
        self.assertTold((numbered, "active", "expired"))

    def test_no_other_statement_sets_a_status(self):
        """The ORM and the day have the hook; another writer would have to call it."""
        found = set()
        folder = Path(get_module_path("sicantik_connector")).parent
        for path in sorted(folder.glob("sicantik_*/**/*.py")):
            if "tests" in path.relative_to(folder).parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    for written in WRITES.finditer(node.value):
                        if re.search(r"\bstatus\b *=", written["set"]):
                            found.add(path.name)
        self.assertEqual(found, {"day.py"})
