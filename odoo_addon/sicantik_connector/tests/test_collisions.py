from odoo.tests import tagged

from .collision_case import NAME, PHONE, ROW, CollisionCase
from .common import row_of

# Of Odoo, and extended: accounts, groups and scheduled actions, and the wizard that
# merges contacts, which has nothing of them but ids.
WITHOUT_NAMES = {
    "base.partner.merge.automatic.wizard",
    "ir.actions.server",
    "ir.cron",
    "res.groups",
    "res.users",
    "res.users.apikeys",
}


@tagged("post_install", "-at_install", "sicantik")
class TestCollisions(CollisionCase):
    """Two transactions of their own write the same row; the later one is told so, and
    Odoo's log holds nothing of the row."""

    def change_permit(self):
        return "UPDATE sicantik_permit SET district = 'x' WHERE id = %s", [self.permit]

    def test_the_list_comes_in_while_somebody_writes(self):
        def late(env):
            permits = env["sicantik.permit"].with_user(self.worker)
            permits.upsert_batch(rows=[ROW], **self.tokens[0])

        self.assertSilent(self.collide(self.change_permit(), late))

    def test_details_come_in_while_somebody_writes(self):
        detail = {"applicant_phone": PHONE, "company_name": NAME}
        row = {"id": self.permit, "outcome": "found", "hash": "b" * 32}

        def late(env):
            permits = env["sicantik.permit"].with_user(self.worker)
            permits.apply_details(rows=[{**row, "detail": detail}], **self.tokens[1])

        self.assertSilent(self.collide(self.change_permit(), late))

    def test_two_workers_make_the_same_permit(self):
        made = row_of("2", "503/1", applicant={"name": NAME, "key": NAME.casefold()})
        early = (
            "INSERT INTO sicantik_permit (config_id, company_id, identity, status,"
            " registration_number) SELECT id, company_id, %s, 'active', '2'"
            " FROM sicantik_config WHERE id = %s",
            [made["identity"], self.config],
        )

        def late(env):
            permits = env["sicantik.permit"].with_user(self.worker)
            # What it found before the other one's was there.
            permits.upsert_batch(rows=[made], **self.tokens[0])

        self.assertSilent(self.collide(early, late))

    def test_a_person_saves_a_permit_while_the_list_comes_in(self):
        def late(env):
            permit = env["sicantik.permit"].browse(self.permit)
            permit.with_user(self.operator).write({"expiry_date": "2030-01-01"})
            permit.applicant_name = NAME

        self.assertSilent(self.collide(self.change_permit(), late))

    def test_two_people_save_a_contact(self):
        early = "UPDATE res_partner SET city = 'x' WHERE id = %s", [self.partner]

        def late(env):
            partner = env["res.partner"].browse(self.partner)
            partner.write({"name": NAME, "phone": PHONE, "whatsapp_number": PHONE})

        self.assertSilent(self.collide(early, late))

    def test_an_activity_is_rewritten_while_somebody_edits_it(self):
        with self.transaction() as env:
            permit = env["sicantik.permit"].browse(self.permit)
            activity = permit.activity_schedule("mail.mail_activity_data_todo").id
            env.cr.commit()
        early = "UPDATE mail_activity SET summary = 'x' WHERE id = %s", [activity]

        def late(env):
            note = f"<p>{NAME}, {PHONE}</p>"
            env["mail.activity"].browse(activity).write({"note": note})

        self.assertSilent(self.collide(early, late))

    def test_an_activity_is_done_while_the_first_message_of_the_permit_goes(self):
        """Odoo makes what is posted an answer to it."""
        with self.transaction() as env:
            permit = env["sicantik.permit"].browse(self.permit)
            first = permit.message_ids.sorted("id")[:1] or permit._message_log(body="x")
            first = first.id
            note = f"<p>{NAME}, {PHONE}</p>"
            todo = "mail.mail_activity_data_todo"
            activity = permit.activity_schedule(todo, note=note).id
            env.cr.commit()
        early = "DELETE FROM mail_message WHERE id = %s", [first]

        def late(env):
            env["mail.activity"].browse(activity).action_feedback(feedback=NAME)

        self.assertSilent(self.collide(early, late))

    def test_whatever_holds_a_name_keeps_it_out(self):
        self.assertKeptOut("sicantik_connector", WITHOUT_NAMES)
