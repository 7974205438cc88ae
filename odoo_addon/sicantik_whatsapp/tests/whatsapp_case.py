"""An office whose notices can go by WhatsApp: an account, approved texts, a contact who
agreed; and the worker's two calls."""

from odoo.addons.sicantik_notice.tests.notice.notice_case import NoticeCase

NUMBER = "+6283601000123"
MESSAGE = "sicantik.whatsapp.message"
ACCOUNT = "sicantik.whatsapp.account"


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
        self.texts.state = "approved"
        self.messages = self.env[MESSAGE]
        self.addCleanup(self.cr.postcommit.clear)

    def agreed(self, number=NUMBER, **values):
        """A contact who agreed to notices by WhatsApp."""
        partner = self.partner(whatsapp_number=number, **values)
        partner._set_whatsapp_consent("opted_in", "counter")
        return partner

    def permit_told(self, days=90, **values):
        """A permit of a contact who agreed, whose notice was handed over."""
        permit = self.permit_with(days, partner_id=self.agreed(**values).id)
        self.run_action()
        return permit

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
