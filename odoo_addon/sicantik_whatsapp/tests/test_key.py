from odoo.tests import tagged

from .whatsapp_case import WhatsappCase


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappKey(WhatsappCase):
    """The key of a message is its content: an Odoo that was restored makes it again."""

    def restored(self, make):
        """The keys of what ``make`` tells, twice from the same state of Odoo."""
        found = []
        for _time in range(2):
            # Another Odoo gives other ids.
            self.notices.create(
                {
                    **self.notices._about(self.permit_with(400)),
                    "config_id": self.config.id,
                    "company_id": self.config.company_id.id,
                    "kind": "permit_expiring",
                    "event": "x",
                    "recipient_key": "office",
                    "state": "cancelled",
                    "date_due": "2026-01-01 00:00:00",
                }
            ).unlink()
            with self.env.cr.savepoint() as savepoint:
                make()
                self.run_action()
                found.append(self.messages.search([]).mapped("key"))
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertTrue(found[0])
        return found

    def test_a_reminder(self):
        permit = self.permit_with(90, partner_id=self.agreed().id)
        first, second = self.restored(lambda: permit)
        self.assertEqual(first, second)

    def test_a_change_of_status_whose_event_is_random(self):
        permit = self.permit_with(300, partner_id=self.agreed().id)
        events = []

        def cancel():
            permit._cancel("x", "revoked")
            events.append(self.about(permit).event)

        first, second = self.restored(cancel)
        self.assertEqual(first, second)
        self.assertNotEqual(*events)

    def test_a_renewal(self):
        older = self.permit_with(5, partner_id=self.agreed().id)
        newer = self.permit_with(700, issue_date=self.TODAY)
        self.config.notice_steps = ""
        first, second = self.restored(lambda: older._mark_renewed(newer))
        self.assertEqual(first, second)

    def test_what_is_something_else_has_another_key(self):
        permit = self.permit_told()
        notice, keys = self.told(permit), set()

        def note(number="+6283601000123"):
            keys.add(notice._whatsapp_content(number))

        note()
        note("+6283601000124")
        for values in (
            {"step": 60},
            {"expiry_date": "2027-01-01"},
            {"kind": "renewal_approved"},
            {"permit_id": self.permit_with(80).id},
            {"redirected": True},
        ):
            before = {name: notice[name] for name in values}
            notice.write(values)
            note()
            notice.write(before)
        self.assertEqual(len(keys), 7)

    def handed_back(self, permit):
        """Its message before and after the words of its text were corrected."""
        message, text = self.message_of(permit), self.text()
        text.body = text.body.replace("Pengingat", "Pemberitahuan")
        self.registrations.state = "approved"
        self.assertEqual(self.claim()["claimed"], [])
        self.assertEqual((message.state, self.told(permit).state), ("cancelled", "due"))
        self.run_action()
        return message, self.message_of(permit) - message

    def test_what_odoo_hands_over_anew_by_itself_is_the_same(self):
        """A dump from before a corrected text needs one hand-over less for it."""
        permit = self.permit_told()
        first, second = self.handed_back(permit)
        self.assertEqual(second.state, "queued")
        self.assertEqual(second.notice_attempt, first.notice_attempt + 1)
        self.assertEqual(second.key, first.key)

    def test_what_a_person_sends_again_is_another(self):
        """By whichever button, and what is handed over anew after that stays so."""
        permit, keys = self.permit_told(), []
        for record in (self.message_of(permit), self.told(permit)):
            with self.env.cr.savepoint() as savepoint:
                first = self.message_of(permit).key
                self.claim()
                self.hear(self.message_of(permit), "failed", why="other")
                record.with_user(self.operator).action_send_again()
                self.run_action()
                again = self.message_of(permit).sorted("id")[-1]
                self.assertEqual(again.state, "queued")
                self.assertNotEqual(again.key, first)
                keys.append(again.key)
                if record == again:
                    _before, anew = self.handed_back(permit)
                    self.assertEqual(anew.key, again.key)
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(*keys)

    def test_a_key_tells_nobody_s_number(self):
        message = self.message_of(self.permit_told())
        self.assertRegex(message.key, "^[0-9a-f]{64}$")
        self.assertRegex(message.content, "^[0-9a-f]{64}$")
