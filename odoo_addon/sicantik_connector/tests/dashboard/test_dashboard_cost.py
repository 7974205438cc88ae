from freezegun import freeze_time

from odoo.tests import tagged

from .dashboard_case import NOW, DashboardCase

KNOWN = ('FROM "res_users"', 'FROM "res_partner"', 'FROM "res_company"', '"res_lang"')


@tagged("post_install", "-at_install", "sicantik")
@freeze_time(NOW)
class TestDashboardCost(DashboardCase):
    def ask(self, **filters):
        """The statements of one call, with Odoo's own caches filled."""
        self.dashboard(**filters)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.statements() as statements:
            self.dashboard(**filters)
        # Of the user, the companies and the language Odoo knows before the call.
        return [s for s in statements if not any(name in s for name in KNOWN)]

    def test_it_costs_the_same_few_statements_whatever_it_counts(self):
        self.permit_in(self.config)
        self.finish(self.start("permits"))
        few = self.ask()
        self.many()
        for kind in ("types", "permits", "probe"):
            self.finish(self.start(kind, config=self.east))
        many = self.ask()
        self.assertLessEqual(len(many), 12, "\n".join(many))
        self.assertLessEqual(len(many) - len(few), 1, "the names of types")
        names = "district", "permit_type_id", "registered_month"
        known = [(name, "!=", False) for name in names]
        permit = self.permits.search(known, limit=1)
        chosen = self.ask(
            year=permit.registered_month.year,
            type_id=permit.permit_type_id.id,
            district=permit.district,
        )
        self.assertLessEqual(len(chosen), 12, "\n".join(chosen))
        permits = [s for s in many if 'FROM "sicantik_permit"' in s]
        self.assertEqual(len(permits), 6, "\n".join(permits))

    def test_it_writes_nothing(self):
        self.many()
        self.assertTrue(type(self.env["sicantik.dashboard"]).figures._readonly)
        writes = ("INSERT", "UPDATE", "DELETE")
        self.assertFalse([s for s in self.ask() if s.upper().startswith(writes)])
