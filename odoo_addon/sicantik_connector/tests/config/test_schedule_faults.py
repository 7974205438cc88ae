import re
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..common import SCHEDULE_LOG, SicantikCase

WRITES = re.compile("(INSERT|UPDATE|DELETE)", re.IGNORECASE)
SOMEBODY = "Contoh Pemohon"


@tagged("post_install", "-at_install", "sicantik")
class TestScheduleFaults(SicantikCase):
    """One fault stops one office, in each scheduled action of each addon."""

    def setUp(self):
        super().setUp()
        self.other = self.another_office()
        self.offices = self.config | self.other
        self.offices.worker_seen = fields.Datetime.now()

    def actions(self):
        """The server actions behind the scheduled actions of our addons, by name."""
        names = self.env["ir.model.data"].search(
            [("module", "=like", "sicantik%"), ("model", "=", "ir.cron")]
        )
        crons = self.env["ir.cron"].browse(names.mapped("res_id"))
        return {cron.name: cron.ir_actions_server_id for cron in crons}

    @contextmanager
    def method(self, name, function):
        with patch.object(type(self.config), name, function):
            yield

    def steps(self, action):
        """``[(configurations, steps)]``: what the action gives to be done one by one.
        It does nothing else."""
        calls = []

        def note(configs, *steps):
            calls.append((configs, steps))

        self.env.flush_all()
        with self.method("_one_by_one", note), self.statements() as sql:
            action.run()
            self.env.flush_all()
        self.assertFalse([line for line in sql if WRITES.match(line)])
        return calls

    def test_every_action_goes_from_office_to_office(self):
        self.assertTrue(self.actions())
        for name, action in self.actions().items():
            with self.subTest(name):
                calls = self.steps(action)
                self.assertTrue(calls)
                for configs, steps in calls:
                    self.assertTrue(steps)
                    self.assertLessEqual(self.offices, configs)

    def test_a_fault_of_one_office_keeps_no_other_back(self):
        for name, action in self.actions().items():
            for _configs, steps in self.steps(action):
                for step in steps:
                    for broken in self.offices:
                        with self.subTest(name, step=step, broken=broken.name):
                            self.break_one(action, step, broken)

    def break_one(self, action, step, broken):
        """The action is run while ``step`` fails for ``broken``."""

        def serve_or_fail(config):
            config.api_timeout = 77
            if config == broken:
                raise ValueError(SOMEBODY)

        self.offices.api_timeout = 30
        with (
            self.method(step, serve_or_fail),
            self.assertLogs(SCHEDULE_LOG, "ERROR") as logs,
        ):
            action.run()
        for config in self.offices:
            expected = 30 if config == broken else 77
            self.assertEqual(config.api_timeout, expected, config.name)
        [line] = logs.output
        self.assertRegex(line, rf"{step} of configuration {broken.id} failed")
        self.assertIn("ValueError", line)
        self.assertNotIn(SOMEBODY, line)

    def test_a_fault_of_one_step_keeps_no_other_back(self):
        """Not even where it meets every office: Odoo counts nothing, or it would
        switch the other steps off, too."""
        several = 0
        for name, action in self.actions().items():
            for configs, steps in self.steps(action):
                several += len(steps) > 1
                for broken in steps if len(steps) > 1 else ():
                    with self.subTest(name, broken=broken):
                        self.break_step(action, configs, steps, broken)
        self.assertGreaterEqual(several, 1)

    def break_step(self, action, configs, steps, broken):
        """The action is run while the step ``broken`` fails for every office."""
        done = []

        def note_or_fail(step):
            def call(config):
                if step == broken:
                    raise ValueError(SOMEBODY)
                done.append((config, step))

            return self.method(step, call)

        with ExitStack() as stack:
            for step in steps:
                stack.enter_context(note_or_fail(step))
            logs = stack.enter_context(self.assertLogs(SCHEDULE_LOG, "ERROR"))
            action.run()
        rest = [step for step in steps if step != broken]
        self.assertEqual(done, [(config, step) for config in configs for step in rest])
        self.assertEqual(len(logs.output), len(configs))

    def test_odoo_counts_an_action_that_served_nobody(self):
        """It would switch off one that it counts for a week, for all offices."""

        def fail(config):
            raise ValueError(f"of {config.name}")

        action = self.actions()["SICANTIK: Sync Permit Types"]
        with (
            self.method("_order_types", fail),
            self.assertLogs(SCHEDULE_LOG, "ERROR") as logs,
        ):
            with self.assertRaisesRegex(ValueError, "2 configurations: ValueError"):
                action.run()
        self.assertEqual(len(logs.output), 2)

    def test_a_step_that_has_more_to_do_is_called_again(self):
        left = {self.config: 3, self.other: 1}

        def take_one(config):
            left[config] -= 1
            return left[config] > 0

        action = self.actions()["SICANTIK: Sync Permit Types"]
        with self.method("_order_types", take_one):
            action.run()
        self.assertEqual(set(left.values()), {0})
