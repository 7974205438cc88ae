import json

from odoo.tests import tagged

from .whatsapp_case import NUMBER, WhatsappCase


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappDefects(WhatsappCase):
    """What the addons before these got wrong about messages."""

    def changed(self, permit):
        """The message about the permit's new status."""
        self.run_action()
        notice = self.about(permit).filtered(lambda n: n.kind == "status_update")
        return notice.whatsapp_message_ids

    def test_defect_17_a_new_status_is_told_with_the_one_before(self):
        permit = self.permit_with(300, partner_id=self.agreed().id)
        permit.status = "active"
        self.assertFalse(self.changed(permit), "it did not change")
        permit._cancel("x", "revoked")
        message = self.changed(permit)
        self.assertIn("Status: berlaku menjadi dicabut", message.message)

    def test_defect_18_nothing_counts_as_gone_out_before_the_provider_has_it(self):
        permit = self.permit_told()
        message, notice = self.message_of(permit), self.told(permit)
        self.claim()
        statistic = self.env["sicantik.whatsapp.statistic"].search([])
        self.assertFalse(message.date_accepted or message.date_sent)
        self.assertEqual((statistic.went_out, statistic.waiting), (0, 1))
        self.assertTrue(notice.whatsapp_reason, "the notice says where it is")
        self.hear(message, "failed", why="account_blocked")
        self.assertEqual((message.state, notice.state), ("failed", "failed"))
        again = self.message_of(self.permit_told())
        self.claim()
        self.hear(again, "accepted", provider_id="wamid.1")
        statistic.invalidate_recordset()
        counted = self.env["sicantik.whatsapp.statistic"].search([])
        self.assertEqual(sorted(counted.mapped("went_out")), [0, 1])

    def test_defect_18_without_a_way_by_whatsapp_the_next_one_is_taken(self):
        self.account.active = False
        permit = self.permit_told()
        self.assertEqual(self.told(permit).channel, "email")
        self.assertEqual(len(self.mails(permit)), 1)

    def test_defect_19_values_arrive_as_they_were_meant(self):
        self.permit_told(name='Ibu "Contoh" {x: 1}')
        [given] = self.claim()["claimed"]
        values = json.loads(json.dumps(given["parameters"]))
        self.assertEqual(len(values), given["variables"])
        self.assertTrue(all(isinstance(value, str) for value in values))
        self.assertEqual(values[0], 'Ibu "Contoh" {x: 1}')

    def test_defect_20_every_text_names_fields_that_there_are(self):
        known = self.notices._fields
        for text in self.texts:
            self.assertTrue(text._names(), text.display_name)
            self.assertLessEqual(set(text._names()), set(known), text.display_name)

    def test_defect_20_what_happens_is_told_without_rules_of_anybody(self):
        expires = self.permit_with(30, partner_id=self.agreed().id)
        ends = self.permit_with(300, partner_id=self.agreed().id)
        ends._cancel("x", "closed")
        self.run_action()
        for permit in (expires, ends):
            self.assertEqual(self.message_of(permit).number, NUMBER)

    def test_defect_24_a_check_writes_to_nobody(self):
        before = self.messages.search_count([])
        self.account.with_user(self.manager).action_check()
        answer = self.claim()
        self.assertTrue(answer["accounts"][0]["check"])
        self.assertFalse(answer["claimed"])
        self.assertEqual(self.messages.search_count([]), before)
