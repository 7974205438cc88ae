from odoo.tests import tagged

from odoo.addons.sicantik_connector.tests.collision_case import PHONE, CollisionCase

from .counts import message_of


@tagged("post_install", "-at_install", "sicantik")
class TestCollisionsOfWhatsapp(CollisionCase):
    """Two workers meet on a message: the later one is told so, and the number stays out
    of Odoo's log."""

    def make(self, env):
        result = super().make(env)
        config = env["sicantik.config"].browse(self.config)
        message = message_of(env, config)
        message.number = PHONE
        self.message, self.uuid = message.id, message.uuid
        return result

    def claimed(self):
        early = "UPDATE sicantik_whatsapp_message SET state = 'claimed' WHERE id = %s"
        return early, [self.message]

    def test_two_workers_claim(self):
        def late(env):
            # For this transaction only: the company has an active one.
            only = "UPDATE sicantik_config SET active = (id = %s)"
            env.cr.execute(only, [self.config])
            messages = env["sicantik.whatsapp.message"].with_user(self.worker)
            messages.claim("worker-2", 10, 60)

        self.assertSilent(self.collide(self.claimed(), late))

    def test_a_report_meets_a_claim(self):
        def late(env):
            messages = env["sicantik.whatsapp.message"].with_user(self.worker)
            report = {"uuid": self.uuid, "attempt": 1, "state": "sent"}
            messages.report([report])

        self.assertSilent(self.collide(self.claimed(), late))

    def test_what_the_addon_makes_or_extends_stays_out_of_the_log(self):
        self.assertKeptOut("sicantik_whatsapp", set())
