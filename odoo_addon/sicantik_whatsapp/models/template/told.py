"""What a provider says of a text: its approval, and what it counts it as. A text that
is not sent any more is told to who answers for the office."""

from odoo import api, models

from .registration import CATEGORIES, STOPPED

TOLD = ("approved", "pending", *STOPPED)
LOOK = "sicantik_whatsapp.mail_activity_text"


class SicantikWhatsappRegistration(models.Model):
    _inherit = "sicantik.whatsapp.registration"

    @api.model
    def _told_by(self, account, told):
        """Which text the provider of ``account`` means by name and language, where it
        tells one; call with sudo."""
        language = told.get("language")
        spoken = [("text_id.language", "=", language)] if language else []
        own = ("provider", "=", account.provider)
        return self.search([own, ("name", "=", told.get("name")), *spoken])

    def _take_told(self, told):
        """What a check found of the text; a word that Odoo does not know is no news."""
        if told.get("state") in TOLD:
            self._take_state(told["state"])
        self._take_category(told.get("category"))

    def _take_state(self, state):
        """Store what the provider says of the approval; call with sudo. Returns the
        outcome of the event, ValueError for an unknown state."""
        if state not in TOLD:
            raise ValueError(state)
        return self._take("state", state)

    def _take_category(self, category):
        """As ``_take_state``; a category that Odoo does not know changes nothing."""
        category = str(category or "").lower()
        if category not in dict(CATEGORIES):
            return "nothing"
        return self._take("category", category)

    def _take(self, name, value):
        other = self.filtered(lambda one: one[name] != value)
        if not other:
            return "nothing"
        other.write({name: value})
        accounts = self.env["sicantik.whatsapp.account"].search(
            [("active", "=", True), ("config_id.active", "=", True)]
        )
        for config, own in accounts.grouped("config_id").items():
            self._tell_of_stopped(config, set(own.mapped("provider")))
        return "changed"

    @api.model
    def _tell_of_stopped(self, config, providers):
        """One activity while one of ``providers`` stopped texts; it goes by itself with
        the last of them."""
        registered = self.search([("provider", "in", list(providers))])
        stopped = registered.filtered(lambda one: one._is_stopped())
        earlier = config.activity_search([LOOK]) or self.env["mail.activity"]
        user = stopped and config._whom_to_tell(config._responsible())
        if not user:
            earlier.unlink()
            return
        config = config.with_context(lang=user.lang or self.env.lang)
        texts = stopped.with_env(config.env)
        note = config.env._(
            "A provider stopped texts: %(texts)s. Notices of these kinds go by another "
            "account, by e-mail, or the office tells. Open WhatsApp › Texts: each text "
            "says what to do. This activity goes by itself when they may be sent "
            "again.",
            texts=", ".join(f"{one.display_name}: {one._why_words()}" for one in texts),
        )
        if earlier:
            earlier.write({"note": note, "user_id": user.id})
            return
        config.activity_schedule(
            LOOK,
            date_deadline=config._today(),
            user_id=user.id,
            summary=config.env._("WhatsApp texts are not sent"),
            note=note,
        )
