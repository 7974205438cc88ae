"""An office whose notices can go by WhatsApp: an account, approved texts, a contact who
agreed; and the worker's two calls."""

import itertools

from odoo.addons.sicantik_notice.tests.notice.notice_case import NoticeCase

NUMBER = "+6283601000123"
MESSAGE = "sicantik.whatsapp.message"
ACCOUNT = "sicantik.whatsapp.account"
TWILIO = {
    "provider": "twilio",
    "sender_id": "+6283601000777",
    "business_id": f"AC{'1' * 32}",
    "key_id": f"SK{'2' * 32}",
}


class WhatsappCase(NoticeCase):
    def setUp(self):
        super().setUp()
        self.env[ACCOUNT].search([]).active = False
        self.account = self.env[ACCOUNT].create(
            {
                "name": "WhatsApp Kantor",
                "config_id": self.config.id,
                "sender_id": "100200300",
            }
        )
        self.texts = self.env["sicantik.whatsapp.template"].search([])
        self.registrations = self.texts.registration_ids
        self.registrations.state = "approved"
        self.messages = self.env[MESSAGE]
        self.addCleanup(self.cr.postcommit.clear)
        self.own_numbers = itertools.count(10001)

    def text(self, kind="permit_expiring", language="id"):
        return self.texts._of_kind(kind, language)

    def another_account(self, **values):
        """A further active account of the office, at Twilio unless ``values`` say
        otherwise, behind the first one."""
        return self.account.create(
            {
                "name": "WhatsApp Kedua",
                "config_id": self.config.id,
                "sequence": 20,
                **TWILIO,
                **values,
            }
        )

    def register(self, text, provider="twilio", name=f"HX{'0' * 32}", **values):
        """``text`` with another provider, which has approved it."""
        return self.registrations.create(
            {
                "text_id": text.id,
                "provider": provider,
                "name": name,
                "state": "approved",
                **values,
            }
        )

    def account_of(self, config):
        """Another office's own account."""
        own = {"config_id": config.id, "sender_id": "100200301", "active": True}
        return self.account.copy(own)

    def agreed(self, number=NUMBER, **values):
        """A contact who agreed to notices by WhatsApp."""
        return self.agreeing(self.partner(**values), number)

    def agreeing(self, partner, number):
        """``partner``, who agreed at this number."""
        partner.whatsapp_number = number
        partner._set_whatsapp_consent("opted_in", "counter")
        return partner

    def permit_told(self, days=90, **values):
        """A permit of a contact who agreed, whose notice was handed over."""
        permit = self.permit_with(days, partner_id=self.agreed(**values).id)
        self.run_action()
        return permit

    def another_told(self):
        """As ``permit_told``, of a contact with a number of its own: to one number
        three reminders a day go by themselves."""
        return self.permit_told(number=f"+62836010{next(self.own_numbers)}")

    def message_of(self, permit):
        return self.told(permit).whatsapp_message_ids

    def claim(self, worker="worker-1", limit=50, lease_seconds=60):
        return self.rpc(
            MESSAGE, "claim", worker=worker, limit=limit, lease_seconds=lease_seconds
        )

    def hear(self, message, state, at="2026-03-10 03:01:00", attempt=None, **values):
        """One report of the worker."""
        report = {
            "uuid": message.uuid,
            "attempt": attempt or message.attempt,
            "state": state,
            "at": at,
            **values,
        }
        return self.rpc(MESSAGE, "report", reports=[report])
