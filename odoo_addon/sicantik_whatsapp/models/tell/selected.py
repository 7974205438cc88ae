"""Which of the chosen permits' contacts get a text, and why the others do not: counted
before anything is sent, by the rules that hold when it is."""

from datetime import datetime, time, timedelta

from pytz import timezone, utc

from odoo import api, models

from odoo.addons.sicantik_notice.models.notice import APPLICANT, GONE_OUT

from ...tools.placeholders import filled
from ..notice import UNTOLD
from ..template import LANGUAGES
from .kinds import BORROWED

# One transaction, and one look before it.
PERMITS_AT_ONCE = 2000


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    @api.model
    def _selected_event(self, config):
        """The same text to the same permit on one day of the office is one message."""
        return f"selected:{config._today()}"

    @api.model
    def _why_not_selected(self, permits, kind):
        """``{permit: code, or None for one whose contact gets it}`` in their order;
        call with sudo. The codes are those of ``_selected_reasons``."""
        found, taken = {}, set()
        for config, own in permits.grouped("config_id").items():
            notices = {permit: self._selected_notice(permit, kind) for permit in own}
            known = self._known_of_selected(config, kind, notices)
            taken |= self._numbers_of_selected(config, kind)
            for permit, notice in notices.items():
                found[permit] = notice._why_not(known, taken)
        return {permit: found[permit] for permit in permits}

    @api.model
    def _selected_notice(self, permit, kind):
        """The notice as it would be made, stored nowhere."""
        event = self._selected_event(permit.config_id)
        values = self._values_of_new(permit, kind, event, permit.partner_id)
        return self.new({**values, "expiry_date": permit.expiry_date, "facts": {}})

    @api.model
    def _known_of_selected(self, config, kind, notices):
        """What is asked for once for all of ``notices`` = ``{permit: notice}``."""
        numbers = [notice._whatsapp_own_number() for notice in notices.values()]
        written = {notices[p]._number(n) for p, n in zip(notices, numbers, strict=True)}
        permits = self.env["sicantik.permit"].union(*notices)
        accounts = self.env["sicantik.whatsapp.account"]._of(config)
        texts = self.env["sicantik.whatsapp.template"]
        return {
            "live": config._is_live(),
            "told": self._told_selected(config, kind, permits),
            "reminded": self._reminded_today(config, kind, permits),
            "blocked": self.env["sicantik.whatsapp.blocked"]._among(
                filter(None, written), config.company_id
            ),
            "accounts": accounts,
            "texts": {
                name: texts._to_send(kind, name, accounts) for name, _label in LANGUAGES
            },
        }

    @api.model
    def _told_selected(self, config, kind, permits):
        """``{permit id}``: whose contact got the same today, or is going to."""
        before = self._selected_before(config, kind, permits)
        told = before.filtered(lambda notice: not notice._came_to_nothing())
        return set(told.permit_id.ids)

    @api.model
    def _selected_before(self, config, kind, permits):
        """The notices of the same text to ``permits`` on this day."""
        return self.search(
            [
                ("permit_id", "in", permits.ids),
                ("recipient_type", "=", APPLICANT),
                ("kind", "=", kind),
                ("event", "=", self._selected_event(config)),
            ]
        )

    @api.model
    def _reminded_today(self, config, kind, permits):
        """``{permit id}``: whose contact gets the same words by itself today, by
        WhatsApp or e-mail."""
        if kind not in BORROWED:
            return set()
        zone = timezone(config.tz)
        midnight = zone.localize(datetime.combine(config._today(), time()))
        begin = midnight.astimezone(utc).replace(tzinfo=None)
        automatic = self.search(
            [
                ("permit_id", "in", permits.ids),
                ("recipient_type", "=", APPLICANT),
                ("kind", "=", BORROWED[kind]),
                ("channel", "!=", "activity"),
                *("|", "&", ("state", "in", GONE_OUT), ("date_sent", ">=", begin)),
                *("&", ("state", "=", "due")),
                ("date_due", "<", begin + timedelta(days=1)),
            ]
        )
        return set(automatic.permit_id.ids)

    def _came_to_nothing(self):
        """Whether it failed or was cancelled, and nothing of it may still go out."""
        ended = self.state in ("failed", "cancelled") and not self.date_delivered
        return ended and all(one.state in UNTOLD for one in self.whatsapp_message_ids)

    @api.model
    def _tell_selected(self, permits, kind):
        """Queue the text for the contacts of ``permits``, of whom nobody got it today;
        returns the notices. What came to nothing today goes out as another hand-over:
        a second notice would have the key of the first one's message, which a worker
        sends once."""
        made = self.browse()
        for config, own in permits.grouped("config_id").items():
            before = self._selected_before(config, kind, own)
            # One that stepped aside for another gave its key away.
            ordered = before.sorted(lambda one: ("#" not in one.recipient_key, one.id))
            again = self.union(*{one.permit_id: one for one in ordered}.values())
            for notice in again:
                notice.expiry_date = notice.permit_id.expiry_date
            again._send_again()
            made |= again | self._tell(own, kind, self._selected_event(config))
        return made

    @api.model
    def _numbers_of_selected(self, config, kind):
        """The numbers that got the same today, or to which it is on its way."""
        same = [("config_id", "=", config.id), ("kind", "=", kind)]
        same.append(("event", "=", self._selected_event(config)))
        messages = self.env["sicantik.whatsapp.message"].search(
            [
                *((f"notice_id.{name}", "=", value) for name, _is, value in same),
                ("state", "not in", UNTOLD),
            ]
        )
        waiting = self.search([*same, ("state", "=", "due")])
        own = [one._whatsapp_own_number() for one in waiting | messages.notice_id]
        # In a trial all messages have one number, which is nobody's own.
        real = messages.filtered(lambda one: not one.notice_id.redirected)
        return set(filter(None, [*own, *real.mapped("number")]))

    def _why_not(self, known, taken):
        """The code of why this one does not go out, or None; ``taken`` are the numbers
        that get the message already."""
        number = self._whatsapp_own_number()
        code = (
            self._why_not_to_tell(known)
            or self._why_not_to_write(number, known)
            or self._why_no_text(known)
        )
        if not code and number in taken:
            code = "double"
        if not code:
            taken.add(number)
        return code

    def _why_not_to_tell(self, known):
        if not known["live"]:
            return "not_live"
        if not self.partner_id:
            return "no_contact"
        if self.permit_id.id in known["told"]:
            return "told_today"
        if self.permit_id.id in known["reminded"]:
            return "reminded_today"
        return "not_true" if self._overtaken()[0] else None

    def _why_not_to_write(self, number, known):
        """By the rules of ``_whatsapp_to``, a code for each."""
        if not number:
            return "no_number"
        partner, instead = self.partner_id, self._number(number)
        if instead == number:
            answer = {"unknown": "not_asked", "opted_out": "refused"}
            if partner.whatsapp_consent in answer:
                return answer[partner.whatsapp_consent]
            if number == partner.whatsapp_unreachable:
                return "not_on_whatsapp"
        return "blocked" if instead in known["blocked"] else None

    def _why_no_text(self, known):
        if not known["accounts"]:
            return "no_account"
        text = known["texts"][self.language]
        if not text:
            return "no_text"
        values, beside = text._values_of(self), text._beside_of(self)
        return "no_value" if text._lacks(values, beside) else None

    def _selected_preview(self):
        """What the recipient reads; False without an approved text."""
        texts = self.env["sicantik.whatsapp.template"]
        accounts = self.env["sicantik.whatsapp.account"]._of(self.config_id)
        text = texts._to_send(self.kind, self.language, accounts)
        return bool(text) and filled(text.body, text._values_of(self))

    @api.model
    def _selected_reasons(self):
        """``{code: sentence}`` in the order in which they are shown."""
        env = self.env
        return {
            "not_asked": env._("were not asked whether they want notices by WhatsApp"),
            "refused": env._("refused notices by WhatsApp"),
            "no_contact": env._("have no contact, or one that is archived"),
            "no_number": env._("have no number that WhatsApp may have"),
            "not_on_whatsapp": env._("have a number that is not on WhatsApp"),
            "blocked": env._("have a number that is blocked"),
            "double": env._("have the same number as another one, which gets it"),
            "told_today": env._("got this today already, or it is on its way"),
            "reminded_today": env._(
                "get the automatic reminder today, which says the same"
            ),
            "not_true": env._(
                "are not valid, have no date that lies ahead, or a proposed renewal"
            ),
            "no_value": env._("lack something that the text says"),
            "no_text": env._("have no approved text in their language"),
            "no_account": env._("are of an office without a WhatsApp account"),
            "not_live": env._("are of an office that does not send notices yet"),
        }
