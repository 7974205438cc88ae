from odoo.tests import tagged

from odoo.addons.sicantik_connector.tests.collision_case import (
    NAME,
    PHONE,
    CollisionCase,
)

# Of Odoo, and extended: the office, its people, its texts. Of an e-mail in the queue
# only the state changes; what it says is a message.
WITHOUT_NAMES = {
    "base.partner.merge.automatic.wizard",
    "mail.mail",
    "mail.template",
    "res.company",
    "res.groups",
    "res.users",
}


@tagged("post_install", "-at_install", "sicantik")
class TestCollisionsOfNotices(CollisionCase):
    """Whom to call, and what people say of a contact, stays out of Odoo's log."""

    def asked(self):
        """The activity that asks somebody to tell the applicant."""
        with self.transaction() as env:
            permit = env["sicantik.permit"].browse(self.permit)
            activity = permit.activity_schedule(
                "sicantik_notice.mail_activity_tell_applicant"
            )
            env["sicantik.notice"].create(
                {
                    "config_id": self.config,
                    "company_id": permit.company_id.id,
                    "kind": "permit_expiring",
                    "res_model": permit._name,
                    "res_id": permit.id,
                    "permit_id": permit.id,
                    "event": "x",
                    "recipient_key": "office",
                    "channel": "activity",
                    "state": "sent",
                    "activity_id": activity.id,
                    "date_due": "2026-03-10 03:00:00",
                }
            )
            env.cr.commit()
            return activity.id

    def test_the_action_rewrites_an_activity_while_somebody_edits_it(self):
        asked = self.asked()
        early = "UPDATE mail_activity SET summary = 'x' WHERE id = %s", [asked]

        def late(env):
            notices = env["sicantik.notice"]
            notices._ask_for_the_rest(env["mail.activity"].browse(asked))

        self.assertSilent(self.collide(early, late))

    def test_a_contact_is_deleted_while_somebody_writes_of_it(self):
        for model, values in (
            ("sicantik.contact.address", {"email": f"{NAME}@x", "seen_email": PHONE}),
            ("sicantik.whatsapp.consent", {"consent": "opted_in", "note": NAME}),
        ):
            with self.subTest(model), self.transaction() as env:
                contact = env["res.partner"].create({"name": NAME}).id
                env.cr.commit()
                early = "DELETE FROM res_partner WHERE id = %s", [contact]

                def late(env, model=model, values=values, contact=contact):
                    env[model].create({"partner_id": contact, **values})

                self.assertSilent(self.collide(early, late))

    def test_whatever_holds_a_name_keeps_it_out(self):
        self.assertKeptOut("sicantik_notice", WITHOUT_NAMES)
