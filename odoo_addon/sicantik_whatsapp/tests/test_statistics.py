from odoo.tests import tagged

from .whatsapp_case import WhatsappCase


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappStatistics(WhatsappCase):
    """Messages and answers as figures, of the reader's office."""

    def setUp(self):
        super().setUp()
        self.statistics = self.env["sicantik.whatsapp.statistic"]
        self.answers = self.env["sicantik.whatsapp.answer"]

    def ended(self, state, **values):
        message = self.message_of(self.another_told())
        self.claim()
        self.hear(message, state, **values)
        return message

    def sums(self, *names, user=None):
        """The sum of each figure, as a pivot asks for it."""
        asked = self.statistics.with_user(user or self.viewer)
        return asked._read_group([], [], [f"{name}:sum" for name in names])[0]

    def test_each_state_counts_where_it_belongs(self):
        for state in ("accepted", "sent", "delivered", "read", "failed", "unknown"):
            self.ended(state, category="utility")
        self.message_of(self.another_told())
        stopped = self.message_of(self.another_told())
        stopped.with_user(self.operator).action_cancel()
        names = ("went_out", "delivered", "seen", "failed", "unknown")
        self.assertEqual(self.sums(*names), (4, 2, 1, 1, 1))
        self.assertEqual(self.sums("waiting", "cancelled"), (1, 1))
        rates = ["delivered_rate:avg", "seen_rate:avg", "failed_rate:avg"]
        found = self.statistics._read_group([], [], rates)[0]
        self.assertEqual([round(rate, 1) for rate in found], [50.0, 50.0, 16.7])
        by_price = dict(self.statistics._read_group([], ["category"], ["__count"]))
        self.assertEqual(by_price, {"utility": 6, False: 2})

    def test_every_group_of_the_search_can_be_asked_for(self):
        message = self.ended("read")
        for group in (
            *("kind", "text_id", "language", "provider", "account_id", "state"),
            *("date:day", "date:month", "date:year", "is_test"),
        ):
            [(value, count)] = self.statistics._read_group([], [group], ["__count"])
            self.assertEqual(count, 1, group)
        [(kind, provider)] = self.statistics._read_group([], ["kind", "provider"])
        self.assertEqual((kind, provider), ("permit_expiring", "meta"))
        row = self.statistics.with_user(self.viewer).browse(message.id)
        self.assertEqual(row.action_open_message()["res_id"], message.id)

    def test_what_a_person_told_and_tests_are_told_apart(self):
        self.manager.partner_id.whatsapp_number = "+6283601000199"
        self.account.with_user(self.manager).action_test_notification()
        permit = self.permit_with(300, partner_id=self.agreed().id)
        self.notices._tell(permit, "expiry_reminder", "selected:x")
        self.run_action()
        kinds = dict(self.statistics._read_group([], ["kind"], ["__count"]))
        self.assertEqual(kinds, {"test": 1, "expiry_reminder": 1})

    def test_answers_of_the_contacts_of_permits(self):
        before = self.answers.search_count([])
        agreed, refused, asked = self.agreed(), self.agreed(), self.partner()
        refused._set_whatsapp_consent("opted_out", "counter")
        for partner in (agreed, agreed, refused, asked, self.agreed(active=False)):
            self.permit_with(45, partner_id=partner.id)
        self.partner()
        own = [("partner_id", "in", (agreed | refused | asked).ids)]
        self.assertEqual(self.answers.search_count([]) - before, 3)
        found = self.answers.with_user(self.viewer)._read_group(
            own, ["consent"], ["__count", "permits:sum"]
        )
        self.assertEqual(
            {consent: tuple(rest) for consent, *rest in found},
            {"opted_in": (1, 2), "opted_out": (1, 1), "unknown": (1, 1)},
        )
        [rates] = self.answers._read_group(
            own, [], ["agreed_rate:avg", "asked_rate:avg"]
        )
        self.assertEqual([round(rate) for rate in rates], [33, 67])

    def test_of_the_own_company_only(self):
        other = self.another_office()
        self.permit_with(45, other, partner_id=self.agreed().id)
        self.ended("read")
        stranger = self._user(
            "stranger",
            "sicantik_connector.group_viewer",
            company_id=other.company_id.id,
            company_ids=[(6, 0, other.company_id.ids)],
        )
        self.assertFalse(self.statistics.with_user(stranger).search([]))
        self.assertEqual(len(self.answers.with_user(stranger).search([])), 1)
        self.assertTrue(self.statistics.with_user(self.viewer).search([]))
