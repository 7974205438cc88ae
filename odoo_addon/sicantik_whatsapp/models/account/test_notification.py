"""*Test Notification*: a message to oneself, by the account as it is, of no notice."""

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.sicantik_connector.tools.actions import form_of
from odoo.addons.sicantik_connector.tools.rights import nothing_for_none
from odoo.addons.sicantik_notice.tools.notice_words import language_of

from ...tools.numbers import writable

TEST = "test"
# A test that arrives later helps nobody.
TEST_HOURS = 1


class SicantikWhatsappAccount(models.Model):
    _inherit = "sicantik.whatsapp.account"

    @nothing_for_none
    def action_test_notification(self):
        """Send the text of the kind *Test* to one's own number; managers only."""
        self.ensure_one()
        self._require_manager()
        user = self.env.user
        number = next(
            filter(None, map(writable, user.partner_id._whatsapp_own())), None
        )
        if not number:
            raise UserError(
                self.env._(
                    "Your own contact has no number that WhatsApp may have. Enter a "
                    "mobile number there, then press Test Notification again."
                )
            )
        # sudo: messages are made by methods only; the group was checked above
        account = self.sudo()
        if not account.active:
            raise UserError(
                self.env._("The account is archived. Unarchive it, then try again.")
            )
        texts = account.env["sicantik.whatsapp.template"]
        text = texts._of_kind(TEST, language_of(user.lang))
        if not text or not account._ways(text):
            raise UserError(
                self.env._(
                    "No text of the kind Test is approved at the provider of this "
                    "account. Have it approved there, set it to Approved under "
                    "WhatsApp › Texts, then try again."
                )
            )
        return form_of(account._send_test(text, number).with_env(self.env))

    def _send_test(self, text, number):
        """The message; of one second there is one."""
        example = self.env["sicantik.notice"].new(
            {"config_id": self.config_id.id, "company_id": self.company_id.id}
        )
        now = fields.Datetime.now()
        return self.env["sicantik.whatsapp.message"]._make(
            self,
            text,
            number,
            text._values_of(example),
            content=(
                *(TEST, self.config_id.source_host, self.sender_id),
                *(fields.Datetime.to_string(now), number),
            ),
            expires_at=now + timedelta(hours=TEST_HOURS),
            is_test=True,
            at_night=True,
        )
