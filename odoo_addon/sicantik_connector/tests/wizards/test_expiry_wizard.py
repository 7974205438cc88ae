from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import row_of
from ..sync_run.api_call_case import DETAIL, ApiCallCase, calls_of

CODE = "cekperizinan"


@tagged("post_install", "-at_install", "sicantik")
class TestExpiryWizard(ApiCallCase):
    """How many permits, how many calls, how long; a test of ten or all."""

    def setUp(self):
        super().setUp()
        self.upsert(self.key, *[row_of(str(n), f"503/{n}") for n in range(40)])
        self.config.rate_limit = 2.0

    def wizard(self, **values):
        wizards = self.env["sicantik.expiry.sync"].with_user(self.operator)
        return wizards.create({"config_id": self.config.id, **values})

    def asked(self, outcome, *numbers):
        run = self.start("expiry")
        rows = [{"id": self.permit(str(n)).id, "outcome": outcome} for n in numbers]
        for row in rows:
            if outcome == "found":
                row.update(hash="a" * 32, detail={})
        self.rpc("sicantik.permit", "apply_details", rows=rows, **run)
        self.finish(run)

    def figures(self, wizard):
        self.env.invalidate_all()
        return (wizard.due_count, wizard.call_count, wizard.estimated_seconds)

    def test_as_long_as_nothing_is_known_two_calls_a_permit_are_the_most(self):
        wizard = self.wizard()
        self.assertEqual(self.figures(wizard), (40, 80, 40))
        self.assertTrue(wizard.is_upper_bound)
        self.assertEqual((wizard.new_count, wizard.empty_count), (40, 0))
        wizard.mode = "test"
        self.assertEqual(self.figures(wizard), (10, 20, 10))

    def test_the_share_of_misses_says_how_many_take_two(self):
        self.report(api=[calls_of(DETAIL, 52, 5200, x=12), calls_of(CODE, 10, 1000)])
        wizard = self.wizard()
        self.assertEqual(self.figures(wizard), (40, 50, 25))
        self.assertFalse(wizard.is_upper_bound)
        self.asked("no_data", *range(20))
        self.asked("found", *range(20, 24))
        self.assertEqual(self.figures(wizard), (16, 20, 10))
        wizard.full = True
        # 16 never asked and 4 found: 25 calls; 20 without data: 40 calls
        self.assertEqual(self.figures(wizard), (40, 65, 33))
        self.assertEqual((wizard.new_count, wizard.empty_count), (16, 20))
        wizard.mode = "test"
        self.assertEqual(self.figures(wizard), (10, 13, 7), "the new ones come first")

    def test_few_look_ups_say_nothing(self):
        self.report(api=[calls_of(DETAIL, 19, 1900), calls_of(CODE, 1, 100)])
        self.assertTrue(self.wizard().is_upper_bound)

    def test_a_slow_sicantik_takes_longer_than_the_rate_allows(self):
        self.report(api=[calls_of(DETAIL, 40, 160_000), calls_of(CODE, 0, 0)])
        # 4 s a call, four at once: one a second, though two were allowed
        self.assertEqual(self.figures(self.wizard()), (40, 40, 40))

    def test_an_open_run_is_named(self):
        wizard = self.wizard()
        self.assertFalse(wizard.open_run_id)
        uuid = self.order("expiry")
        self.env.invalidate_all()
        self.assertEqual(wizard.open_run_id, self.run_of({"uuid": uuid}))

    def test_the_form_and_who_may(self):
        wizards = self.env["sicantik.expiry.sync"]
        context = {"default_config_id": self.config.id}
        operator = wizards.with_user(self.operator).with_context(**context)
        with Form(operator) as form:
            form.mode = "test"
            self.assertEqual(form.due_count, 10)
        with self.assertRaises(AccessError):
            wizards.with_user(self.viewer).create({"config_id": self.config.id})
