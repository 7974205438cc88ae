"""What the provider says of a text: its approval, and what it counts it as. A text that
is not sent any more is told to who answers for the office."""

from odoo import api, fields, models

CATEGORIES = [
    ("utility", "Utility"),
    ("marketing", "Marketing"),
    ("authentication", "Authentication"),
]
# Nothing is sent with these, though it was before.
STOPPED = ("rejected", "paused", "disabled")
TOLD = ("approved", "pending", *STOPPED)
ADVERTISING = "marketing"
LOOK = "sicantik_whatsapp.mail_activity_text"


class SicantikWhatsappTemplate(models.Model):
    _inherit = "sicantik.whatsapp.template"

    category = fields.Selection(
        CATEGORIES,
        "Category at the Provider",
        copy=False,
        help="As what Meta counts the text. One that it counts as marketing is held.",
    )

    def write(self, vals):
        """Under another name it is another text to the provider."""
        if "name" in vals and "category" not in vals:
            vals = {**vals, "category": False}
        return super().write(vals)

    def _take_state(self, state):
        """Store what the provider says of the approval; call with sudo. Returns the
        outcome of the event, ValueError for an unknown state."""
        if state not in TOLD:
            raise ValueError(state)
        return self._take_told("state", state)

    def _take_category(self, category):
        """As ``_take_state``; a category that Odoo does not know changes nothing."""
        category = str(category or "").lower()
        if category not in dict(CATEGORIES):
            return "nothing"
        return self._take_told("category", category)

    def _take_told(self, name, value):
        other = self.filtered(lambda text: text[name] != value)
        if not other:
            return "nothing"
        other.write({name: value})
        configs = self.env["sicantik.whatsapp.account"].search(
            [("active", "=", True), ("config_id.active", "=", True)]
        )
        for config in configs.config_id:
            self._tell_of_stopped(config)
        return "changed"

    @api.model
    def _stopped(self):
        """The texts that the provider stopped."""
        held = [("category", "=", ADVERTISING), ("state", "=", "approved")]
        return self.search(["|", ("state", "in", STOPPED), "&", *held])

    @api.model
    def _tell_of_stopped(self, config):
        """One activity while there are such texts; it goes by itself with the last."""
        stopped = self._stopped()
        earlier = config.activity_search([LOOK]) or self.env["mail.activity"]
        user = stopped and config._whom_to_tell(config._responsible())
        if not user:
            earlier.unlink()
            return
        config = config.with_context(lang=user.lang or self.env.lang)
        texts = stopped.with_env(config.env)
        note = config.env._(
            "The provider stopped texts: %(texts)s. Notices of these kinds go by "
            "e-mail, or the office tells. Open WhatsApp › Texts: each text says what "
            "to do. This activity goes by itself when they may be sent again.",
            texts=", ".join(text._with_why() for text in texts),
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

    def _with_why(self):
        """As in "Permit Expires (Indonesian): Paused"."""
        name = "state" if self.state in STOPPED else "category"
        labels = dict(self._fields[name]._description_selection(self.env))
        return f"{self.display_name}: {labels[self[name]]}"

    @api.model
    def _approved_domain(self):
        """Nor what the provider counts as marketing."""
        return [*super()._approved_domain(), ("category", "!=", ADVERTISING)]
