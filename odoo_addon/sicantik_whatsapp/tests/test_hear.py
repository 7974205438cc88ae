from datetime import timedelta
from urllib.parse import unquote

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .whatsapp_case import ACCOUNT, NUMBER, WhatsappCase

OTHER = "+6283601000456"
DECIDE = "sicantik_whatsapp.mail_activity_answer"
LATER = "2026-03-10 03:00:00"


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappAnswers(WhatsappCase):
    """People agree and refuse by message; what they write is kept nowhere."""

    def setUp(self):
        super().setUp()
        self.account.number = "+62 836-0100-0777"
        self.events = 0

    def says(self, text, number=NUMBER, at=LATER, account=None, **values):
        """One message of a person. Returns what came of it."""
        self.events += 1
        event = {
            "id": f"wamid.{self.events}",
            "account": (account or self.account).uuid,
            "kind": "inbound",
            "from": number and number[1:],
            "text": text,
            "at": at,
            "message": f"wamid.{self.events}",
            **values,
        }
        answer = self.rpc(ACCOUNT, "hear", events=[event])
        self.assertEqual(answer, {"accepted": [event["id"]], "refused": []})
        return self.env["sicantik.whatsapp.event"].search([], limit=1).outcome

    def sentence(self, partner):
        """What the link puts into WhatsApp."""
        link = partner._whatsapp_consent_link()
        self.assertTrue(link.startswith("https://wa.me/6283601000777?text="))
        return unquote(link.partition("text=")[2])

    def asked(self, partner):
        return partner.activity_search([DECIDE])

    def assertAnswer(self, partner, consent, source="message"):
        found = (partner.whatsapp_consent, partner.whatsapp_consent_source)
        self.assertEqual(found, (consent, source))

    def test_the_first_word_refuses(self):
        for text in ("STOP", "stop.", " Berhenti ya", "*BERHENTI*!", "ＳＴＯＰ"):
            partner = self.agreed()
            self.assertEqual(self.says(text), "refused", text)
            self.assertAnswer(partner, "opted_out")
            partner.unlink()
        partner = self.agreed()
        for text in ("", "Jangan stop", "stopkontak", "Terima kasih", None):
            self.assertEqual(self.says(text), "nothing", text)
        self.assertAnswer(partner, "opted_in", "counter")

    def test_all_contacts_of_the_number_refuse(self):
        one = self.agreed()
        two = self.partner(phone="0836-0100-0123")
        gone = self.partner(whatsapp_number=NUMBER, active=False)
        by_permit = self.partner()
        permit = self.permit_with(90, partner_id=by_permit.id, whatsapp_number=NUMBER)
        by_permit.whatsapp_number = False
        self.assertTrue(permit.whatsapp_number)
        stranger = self.agreed(OTHER)
        self.says("STOP")
        for partner in (one, two, gone, by_permit):
            self.assertAnswer(partner, "opted_out")
        self.assertAnswer(stranger, "opted_in", "counter")

    def test_what_waits_goes_another_way(self):
        waits = self.permit_told(email="satu@contoh.test")
        self.says("STOP")
        [message] = self.message_of(waits)
        self.assertEqual((message.state, message.why), ("cancelled", "changed"))
        self.run_action()
        self.assertEqual(self.told(waits).channel, "email")

    def test_what_the_worker_has_is_stopped_and_goes_another_way(self):
        taken = self.permit_told(email="satu@contoh.test")
        [message] = self.message_of(taken)
        self.claim()
        self.hear(message, "waiting", why="night")
        self.says("STOP")
        asked = [{"uuid": message.uuid, "attempt": 1}]
        self.assertEqual(self.claim()["cancel"], asked)
        self.hear(message, "cancelled")
        self.run_action()
        self.assertEqual(self.told(taken).channel, "email")

    def test_a_refusal_at_the_counter_withdraws_too(self):
        waits = self.permit_told(email="satu@contoh.test")
        waits.partner_id._set_whatsapp_consent("opted_out", "counter")
        self.assertEqual(self.message_of(waits).state, "cancelled")

    def test_a_code_agrees_and_brings_the_number(self):
        partner = self.partner()
        self.assertEqual(self.says(self.sentence(partner)), "agreed")
        self.assertAnswer(partner, "opted_in")
        self.assertEqual(partner.whatsapp_number, NUMBER)
        notes = partner.message_ids
        self.assertIn("(Message, ", str(notes.mapped("body")))
        tracked = notes.tracking_value_ids.mapped("new_value_char")
        self.assertIn(NUMBER, tracked)

    def test_nothing_that_people_write_is_kept(self):
        partner = self.partner(whatsapp_number=NUMBER)
        self.says(f"{self.sentence(partner)} rahasia saya")
        self.says("STOP rahasia saya", at="2026-03-10 03:00:00")
        self.assertNotIn("rahasia", str(partner.message_ids.mapped("body")))
        self.assertFalse(partner.whatsapp_consent_note)
        events = self.env["sicantik.whatsapp.event"].search([])
        self.assertNotIn("wamid", str(events.mapped("key")))

    def test_who_refused_agrees_again_by_the_code(self):
        partner = self.partner(whatsapp_number=NUMBER)
        self.says("STOP", at="2026-03-10 02:00:00")
        self.says(self.sentence(partner), at="2026-03-10 02:00:01")
        self.assertAnswer(partner, "opted_in")
        self.assertEqual(self.says("STOP", at="2026-03-10 01:59:59"), "nothing")
        self.assertAnswer(partner, "opted_in")

    def test_the_number_of_another_contact_is_for_a_person(self):
        mine, other = self.partner(whatsapp_number=NUMBER), self.partner()
        elsewhere = self.partner(whatsapp_number=OTHER)
        for partner in (other, elsewhere):
            self.assertEqual(self.says(self.sentence(partner)), "asked")
            self.assertAnswer(partner, "unknown", False)
            self.assertEqual(self.asked(partner).user_id, self.operator)
            self.assertIn(NUMBER, self.asked(partner).note)
        self.assertFalse(other.whatsapp_number)
        self.assertEqual(elsewhere.whatsapp_number, OTHER)
        self.assertAnswer(mine, "unknown", False)
        self.says(self.sentence(other))
        self.assertEqual(len(self.asked(other)), 1)

    def test_two_contacts_of_one_number_agree_each_by_its_code(self):
        one, two = (self.partner(whatsapp_number=NUMBER) for _ in range(2))
        self.says(self.sentence(one))
        self.assertAnswer(one, "opted_in")
        self.assertAnswer(two, "unknown", False)
        self.says(self.sentence(two))
        self.assertAnswer(two, "opted_in")

    def test_wrong_codes_and_other_words_agree_to_nothing(self):
        partner = self.partner()
        sentence = self.sentence(partner)
        code = sentence.split()[1].strip(".")
        last = "0" if code[-1] != "0" else "1"
        for text in (
            f"SETUJU {code[:-1]}{last}",
            f"SETUJU {code}0",
            f"TIDAK SETUJU {code}",
            f"SETUJU tidak {code}",
            "SETUJU",
            code,
        ):
            self.assertIn(self.says(text), ("nothing", "nobody"), text)
        self.assertAnswer(partner, "unknown", False)
        partner.active = False
        self.assertEqual(self.says(sentence), "nobody")
        partner.active = True
        self.assertEqual(self.says(f"setuju, {code.lower()}!"), "agreed")

    def test_who_shows_no_number_changes_nothing(self):
        partner = self.agreed()
        self.assertEqual(self.says("STOP", number=None), "no_number")
        self.assertEqual(self.says("STOP", number="+0"), "no_number")
        self.assertAnswer(partner, "opted_in", "counter")

    def test_a_number_that_nobody_has(self):
        self.assertEqual(self.says("STOP", number=OTHER), "nobody")

    def test_twice_counts_once(self):
        partner = self.partner(whatsapp_number=NUMBER)
        self.says("STOP", id="same")
        partner._set_whatsapp_consent("unknown", False)
        self.says("STOP", id="same")
        self.assertAnswer(partner, "unknown", False)
        both = self.env["sicantik.whatsapp.event"].search([])
        self.assertEqual(len(both), 1)
        self.clock.tick(timedelta(days=31))
        self.keep_house()
        self.assertFalse(both.exists())

    def test_offices_do_not_answer_for_each_other(self):
        other = self.another_office()
        account = self.account.create(
            {"name": "Lain", "config_id": other.id, "number": "+6283601000888"}
        )
        ours = self.agreed(company_id=self.config.company_id.id)
        everybody_s = self.agreed()
        sentence = self.sentence(ours)
        self.says("STOP", account=account)
        self.assertAnswer(ours, "opted_in", "counter")
        self.assertAnswer(everybody_s, "opted_out")
        ours._set_whatsapp_consent("unknown", False)
        self.assertEqual(self.says(sentence, account=account), "nobody")

    def test_a_bad_event_refuses_only_itself(self):
        partner = self.agreed()
        own = {"account": self.account.uuid, "kind": "inbound"}
        stop = {**own, "from": NUMBER[1:], "text": "STOP", "at": LATER}
        answer = self.rpc(
            ACCOUNT,
            "hear",
            events=[
                {**own, "id": "kind", "kind": "x"},
                {**stop, "id": "date", "at": "tomorrow"},
                {**stop, "id": "account", "account": "x"},
                {**own, "id": "state", "kind": "text", "state": "x"},
                {**stop, "id": "good"},
            ],
        )
        self.assertEqual(answer["accepted"], ["good"])
        self.assertRefused(
            answer, kind="data", date="data", account="unknown", state="data"
        )
        self.assertAnswer(partner, "opted_out")
        with self.assertRaises(AccessError):
            self.account.with_user(self.manager).hear([])
        with self.assertRaisesRegex(UserError, "at most 200"):
            self.rpc(ACCOUNT, "hear", events=[{**stop, "id": "x"}] * 201)

    def test_the_link_for_the_counter(self):
        partner = self.partner()
        action = partner.with_user(self.operator).action_whatsapp_link()
        shown = self.env[action["res_model"]].browse(action["res_id"])
        shown = shown.with_user(self.operator)
        self.assertTrue(shown.link and shown.qr_code)
        self.assertEqual(shown.action_print()["type"], "ir.actions.report")
        page = self.env["ir.actions.report"].with_user(self.operator)
        html, _kind = page._render_qweb_html(
            "sicantik_whatsapp.sicantik_whatsapp_link_report", shown.ids
        )
        self.assertIn(b"data:image/png;base64,", html)
        with self.assertRaises(AccessError):
            partner.with_user(self.viewer).action_whatsapp_link()
        self.account.number = False
        with self.assertRaisesRegex(UserError, "Check Account"):
            partner.with_user(self.operator).action_whatsapp_link()

    def test_the_sentence_is_in_the_language_of_the_contact(self):
        partner = self.partner(lang="en_US")
        self.assertTrue(self.sentence(partner).startswith("SETUJU "))
        self.config.company_id.sicantik_notice_language = "contact"
        self.assertTrue(self.sentence(partner).startswith("AGREE "))
        self.assertIn("DPMPTSP Kabupaten Contoh", self.sentence(partner))
        self.assertEqual(self.says(self.sentence(partner)), "agreed")

    def test_the_link_in_an_e_mail(self):
        asked = self.permit_with(90, partner_id=self.partner().id)
        agreed = self.permit_with(90, partner_id=self.agreed().id)
        self.run_action()
        self.assertIn("SETUJU", self.told(asked).whatsapp_consent_link)
        self.assertFalse(self.told(agreed).whatsapp_consent_link)
        self.account.active = False
        self.env.invalidate_all()
        self.assertFalse(self.told(asked).whatsapp_consent_link)
