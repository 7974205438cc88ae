from datetime import timedelta

from odoo.tests import tagged

from .pigeon_case import KIND, PigeonCase

NOTICE = "sicantik_notice.mail_activity_notice"


@tagged("post_install", "-at_install", "sicantik")
class TestPeople(PigeonCase):
    """People of the office and officials are told, each once."""

    def test_each_is_told_once_of_an_event_about_a_record(self):
        everybody = (self.operator, self.viewer, self.official)
        told = self.tell(*everybody, about=self.document)
        self.assertEqual(
            told.mapped("recipient_key"),
            [
                f"staff:{self.operator.id}",
                f"staff:{self.viewer.id}",
                f"official:{self.official.id}",
            ],
        )
        self.assertEqual(told.mapped("recipient_type"), ["staff", "staff", "official"])
        self.assertFalse(self.tell(*everybody, about=self.document))
        self.assertTrue(self.tell(self.operator, event="x", about=self.document))
        self.assertTrue(self.tell(self.operator), "about something else")

    def test_several_are_told_by_one_call(self):
        people = self.operator | self.viewer
        told = self.notices._tell_people(self.config, KIND, "x", people)
        self.assertEqual(told.recipient_user_id, people)

    def test_only_who_may_see_the_company_is_told(self):
        other = self.another_office()
        employee = self._user("employee", "base.group_user")
        left = self._user("left", "sicantik_connector.group_viewer", active=False)
        stranger = self.partner(company_id=other.company_id.id)
        archived = self.partner(active=False)
        self.assertFalse(self.tell(employee, left, stranger, archived))

    def test_who_left_meanwhile_is_not_told(self):
        told = self.tell(self.viewer, self.official)
        self.viewer.active = self.official.active = False
        self.send()
        self.assertEqual(told.mapped("state"), ["cancelled"] * 2)
        self.assertEqual(set(told.mapped("reason_code")), {"left"})

    def test_nobody_is_told_before_the_office_is_live(self):
        for begin in (False, "2026-03-11"):
            self.config.go_live_date = begin
            self.assertFalse(self.tell(self.operator))
        self.config.write({"go_live_date": "2026-03-10", "active": False})
        self.assertFalse(self.tell(self.operator))

    def test_anybody_s_click_may_tell_and_wakes_the_action(self):
        notices = self.notices.with_user(self.viewer)
        told = notices._tell_people(self.config, KIND, "x", self.operator)
        action = self.env.ref("sicantik_notice.cron_notices")
        woken = self.env["ir.cron.trigger"].search([("cron_id", "=", action.id)])
        self.assertIn(told.date_due, woken.mapped("call_at"))

    def test_two_transactions_notice_each_other(self):
        """Both count up one row of the configuration (see ``_announce``)."""
        read = "SELECT revision FROM sicantik_config WHERE id = %s"
        self.cr.execute(read, [self.config.id])
        [before] = self.cr.fetchone()
        self.tell(self.operator)
        self.cr.execute(read, [self.config.id])
        self.assertEqual(self.cr.fetchone(), ((before or 0) + 1,))

    def test_who_is_of_the_office_gets_the_activity_himself(self):
        notice = self.tell(self.viewer, about=self.document)
        self.send()
        activity = notice.activity_id
        self.assertEqual((notice.state, notice.channel), ("sent", "activity"))
        self.assertEqual(activity.user_id, self.viewer)
        self.assertFalse(notice.user_id, "nobody tells on somebody's behalf")
        self.assertEqual(activity, self.config.activity_search([NOTICE]))
        self.assertIn("Surat 7", activity.note)

    def test_the_activity_stands_where_it_can(self):
        """On the record, else on the permit, else on the configuration; never where
        its person may not look."""
        permit = self.permit_with(30)
        for about, permits, place in (
            (permit, None, permit),
            (self.document, permit, permit),
            (self.document, None, self.config),
            (self.official, None, self.official),
        ):
            notice = self.tell(self.viewer, about=about, permits=permits, event="x")
            self.send()
            activity = notice.activity_id
            self.assertEqual(
                (activity.res_model, activity.res_id),
                (
                    place._name,
                    place.id,
                ),
            )
            notice.unlink()
        company = self.another_office().company_id
        hidden = self.partner(company_id=company.id)
        notice = self.tell(self.viewer, about=hidden)
        self.send()
        self.assertEqual(notice.activity_id.res_model, "sicantik.config")

    def test_an_activity_that_is_open_says_the_newer_facts(self):
        first = self.tell(self.viewer)
        others = self.tell(self.operator)
        self.send()
        second = self.tell(self.viewer, event="x", permits=self.permit_with(30))
        third = self.tell(self.viewer, event="y", permits=self.permits)
        self.send()
        self.assertEqual(third.activity_id, first.activity_id)
        self.assertNotEqual(second.activity_id, first.activity_id, "of its permit")
        self.assertNotEqual(others.activity_id, first.activity_id)

    def test_an_official_is_told_by_a_person_of_the_office(self):
        self.official.write({"email": False, "phone": "0800 000 0007"})
        notice = self.tell(self.official, about=self.document)
        self.send()
        activity = notice.activity_id
        self.assertEqual(activity.user_id, self.operator)
        self.assertEqual(notice.user_id, self.operator)
        self.assertIn("Pejabat Contoh", activity.note)
        self.assertIn("0800 000 0007", activity.note)

    def test_by_e_mail(self):
        self.operator.email = "petugas@contoh.test"
        permits = self.permit_with(30) | self.permit_with(60)
        told = self.tell(self.operator, self.official, permits=permits)
        self.send()
        self.assertEqual(
            told.mapped("address"), ["petugas@contoh.test", "pejabat@contoh.test"]
        )
        mail = told[0].mail_id
        self.assertEqual(mail.recipient_ids, self.operator.partner_id)
        self.assertEqual(mail.subject, "2 dokumen menunggu tanda tangan")
        self.assertIn(self.operator.name, mail.body_html)
        for permit in permits:
            self.assertIn(f"PEMOHON CONTOH / {permit.permit_number}", mail.body_html)
        self.assertIn(mail.mail_message_id, self.config.message_ids)

    def test_a_summary_names_five_and_counts_all(self):
        permits = self.permits.union(*(self.permit_with(30) for _n in range(7)))
        notice = self.tell(self.operator, permits=permits)
        self.assertEqual(notice.permit_count, 7)
        self.assertEqual(notice.permit_items.count(";"), 4)
        self.assertNotIn("\n", notice.permit_items)

    def test_what_concerns_applicants_does_not_touch_it(self):
        """Neither another contact of the permit, nor that its own applicant was told,
        nor a nearer notice."""
        self.config.notice_steps = "90, 60, 30, 7"
        permit = self.permit_with(30, partner_id=self.partner().id)
        told = self.notices._tell_people(
            self.config, "permit_expiring", "x", self.operator, permits=permit
        )
        self.find()
        self.assertEqual(len(self.about(permit) - told), 3, "the applicant's own")
        permit.partner_id = self.partner("lain@contoh.test")
        self.send()
        self.assertEqual(
            (told.state, told.partner_id),
            (
                "sent",
                self.operator.partner_id,
            ),
        )
        self.clock.tick(timedelta(days=23))
        again = self.notices._tell_people(
            self.config, "permit_expiring", "y", self.operator, permits=permit
        )
        self.run_action()
        self.assertEqual(again.state, "sent")

    def test_what_the_office_was_told_does_not_touch_applicants(self):
        """Neither a notice before expiry, nor what an applicant knows of the status."""
        self.config.notice_steps = "30"
        permit = self.permit_with(30, partner_id=self.partner().id)
        event = f"expires:{permit.expiry_date}"
        people = (self.operator, None, permit)
        self.notices._tell_people(self.config, "permit_expiring", event, *people)
        self.run_action()
        self.assertEqual(self.about(permit).mapped("state"), ["sent", "sent"])
        self.assertEqual(len(self.mails(permit)), 1)
        permit.with_user(self.operator)._cancel("Usaha sudah tutup")
        self.run_action()
        facts = {"old": "active", "new": "cancelled"}
        told = self.notices._tell_people(
            self.config, "status_update", "x", *people, facts=facts
        )
        self.deliver()
        permit.with_user(self.operator)._reopen()
        self.run_action()
        self.assertEqual(told.state, "cancelled")
        last = self.mails(permit).sorted("id")[-1:]
        self.assertRegex(last.body_html, "dibatalkan menjadi .*berlaku")

    def test_a_kind_of_ending_of_the_addon_is_told_by_its_label(self):
        self.config.notice_steps = ""
        permit = self.permit_with(30, partner_id=self.partner().id)
        permit.with_user(self.operator)._cancel("Keputusan 1", "frozen")
        self.run_action()
        self.assertRegex(self.mails(permit).body_html, "menjadi <.*>frozen<")

    def test_who_is_asked_to_tell_an_applicant_is_told_himself_too(self):
        permit = self.permit_with(30)
        event = ("status_update", "cancelled:1")
        asked = self.notices._tell(permit, *event)
        self.assertEqual(asked.recipient_key, f"user:{self.operator.id}")
        told = self.notices._tell_people(
            self.config, *event, self.operator, permits=permit
        )
        self.assertTrue(told)
        self.assertFalse(self.notices._tell(permit, *event))

    def test_what_is_not_true_any_more_is_not_told_to_the_office_either(self):
        permit = self.permit_with(30)
        facts = {"old": "active", "new": "cancelled"}
        told = self.notices._tell_people(
            self.config,
            "status_update",
            "x",
            self.operator,
            permits=permit,
            facts=facts,
        )
        self.send()
        self.assertEqual((told.state, told.reason_code), ("cancelled", "changed"))

    def test_contacts_that_are_merged(self):
        kept = self.partner("tetap@contoh.test")
        official, staff = self.tell(self.official), self.tell(self.operator)
        for gone in (self.official, self.operator.partner_id):
            wizard = self.env["base.partner.merge.automatic.wizard"].create(
                {
                    "partner_ids": [(6, 0, (kept | gone).ids)],
                    "dst_partner_id": kept.id,
                }
            )
            wizard.action_merge()
            self.env.invalidate_all()
        self.assertEqual(official.recipient_key, f"official:{kept.id}")
        self.assertEqual(staff.recipient_key, f"staff:{self.operator.id}")
        self.assertEqual((official | staff).partner_id, kept)
        self.assertFalse(self.tell(kept, self.operator), "each was told")

    def test_sent_again_it_goes_to_the_same_person(self):
        permit = self.permit_with(30, partner_id=self.partner().id)
        told = self.tell(self.viewer, permits=permit)
        told._end("failed", "internal")
        self.again(told)
        self.send()
        self.assertEqual((told.state, told.activity_id.user_id), ("sent", self.viewer))
