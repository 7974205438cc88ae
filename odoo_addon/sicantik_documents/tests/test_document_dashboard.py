from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .documents_case import DocumentsCase

# 09:00 of the office, which is seven hours ahead of UTC.
NOW = "2026-03-10 02:00:00"
# A minute before that day.
NOW_BEFORE = "2026-03-09 16:59:00"


@tagged("post_install", "-at_install", "sicantik")
@freeze_time(NOW)
class TestDocumentDashboard(DocumentsCase):
    """Each figure finds what it counts, whoever looks."""

    def figures(self, user=None):
        board = self.env["sicantik.document.dashboard"].with_user(user or self.viewer)
        return board.figures()

    def counts(self, user=None):
        return {figure["key"]: figure["count"] for figure in self.figures(user)}

    def assertFound(self, user=None):
        for figure in self.figures(user):
            records = self.env[figure["model"]].with_user(user or self.viewer)
            found = records.search_count(figure["terms"])
            self.assertEqual(found, figure["count"], figure["key"])

    def made_at(self, document, moment):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sicantik_document SET create_date = %s WHERE id = %s",
            [moment, document.id],
        )
        self.env.invalidate_all()

    def test_each_figure_finds_what_it_counts(self):
        (self.permit_1 | self.permit_2).status = "active"
        ready, draft, old, recent, waits = (self.document() for _ in range(5))
        for document in (ready, draft, old, recent):
            self.made_at(document, "2026-03-09 16:59:00")
        self.made_at(waits, "2026-03-09 17:00:00")
        ready.with_user(self.operator).action_ready()
        for document in (old, recent):
            document.with_user(self.operator)._withdraw("salah")
        old.withdrawn_at = "2026-02-07 16:59:00"
        self.uploads.create(
            {
                "document_id": waits.id,
                "uuid": "x",
                "number": 2,
                "stage": "original",
                "size": 9,
                "sha256": "0" * 64,
                "reason": "away",
                "sealed": b"x",
            }
        )
        active = self.env["sicantik.permit"].search_count([("status", "=", "active")])
        expected = {
            "today": 1,
            "draft": 2,
            "ready": 1,
            "waiting": 1,
            "withdrawn": 1,
            "without": active - 1,
        }
        self.assertEqual(self.counts(), expected)
        self.assertFound()

    def test_the_inbox_is_counted_once_something_came(self):
        self.assertNotIn("came", self.counts())
        own = {"config_id": self.config.id, "company_id": self.config.company_id.id}
        today = ("imported", "imported", "refused", "double", "unmatched")
        for number, state in enumerate((*today, "unmatched", "refused")):
            moment = "2026-03-09 17:00:00" if number < len(today) else NOW_BEFORE
            self.env["sicantik.document.arrival"].create(
                {
                    "key": number,
                    "name": "x",
                    "state": state,
                    "arrived_at": moment,
                    **own,
                }
            )
        counts = self.counts()
        names = ("came", "imported", "refused", "unmatched")
        self.assertEqual([counts[name] for name in names], [5, 2, 1, 2])
        self.assertFound()

    def test_another_office_counts_its_own(self):
        self.document()
        other = self.another_office()
        stranger = self._user(
            "stranger",
            "sicantik_connector.group_viewer",
            company_id=other.company_id.id,
            company_ids=[(6, 0, other.company_id.ids)],
        )
        self.assertFalse(any(self.counts(stranger).values()))
        self.assertFound(stranger)
        for group in ("base.group_portal", "base.group_user"):
            with self.assertRaises(AccessError):
                self.figures(self._user(group, group))

    def test_it_costs_two_statements_whatever_it_counts(self):
        self.figures()
        for number in range(20):
            self.document([self.permit_1, self.permit_2][number % 2])
        self.env.flush_all()
        self.env.invalidate_all()
        with self.statements() as statements:
            self.figures()
        own = ('FROM "sicantik_permit"', "FROM sicantik_document")
        asked = [s for s in statements if any(name in s for name in own)]
        self.assertEqual(len(asked), 2, "\n".join(statements))
        self.assertLessEqual(len(statements), 8, "\n".join(statements))
