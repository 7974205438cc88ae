from odoo import api, fields, models


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    kind = fields.Selection(
        selection_add=[("parcel_waiting", "Documents Wait")],
        ondelete={"parcel_waiting": "cascade"},
    )
    channel = fields.Selection(
        selection_add=[("pigeon", "Pigeon")], ondelete={"pigeon": "set null"}
    )
    pigeon_ring = fields.Char("Ring of the Pigeon")

    def _channels(self):
        return ["pigeon", *super()._channels()]

    def _can_pigeon(self):
        return bool(self.partner_id.pigeon_loft)

    def _send_pigeon(self):
        loft = self.partner_id.pigeon_loft
        if loft in ("closed", "storm"):
            return f"loft_{loft}"
        self.env["test.sicantik.pigeon"].create(
            {"notice_id": self.id, "attempt": self.attempts}
        )
        self.pigeon_ring = f"ring of {loft}"
        return None

    def _unreachable_reasons(self):
        return super()._unreachable_reasons() | {"loft_closed"}

    def _notice_reasons(self):
        return {
            **super()._notice_reasons(),
            "loft_closed": self.env._("The loft is closed for good."),
            "loft_storm": self.env._("No pigeon flies today. Press Send Again."),
            "signed": self.env._("All was signed before the notice was sent."),
            "read_out": self.env._("The keeper of the loft read it out."),
        }

    @api.model
    def _said_by_people(self):
        return super()._said_by_people() | {"read_out"}

    def _overtaken_parcel_waiting(self):
        record = self._record()
        signed = record._name == "test.sicantik.document" and record.signed
        return ("cancelled", "signed") if signed else self._overtaken_default()

    def _goes_together_parcel_waiting(self):
        return True

    def _summary_parcel_waiting(self):
        return self.env._("Sign what waits")

    def _facts_parcel_waiting(self):
        return [*self._facts_default(), (self.env._("Hurry"), "!")]

    def _text_parcel_waiting(self):
        return f"test_sicantik_notice.mail_template_pending_{self.language}"

    def _erasable_domain(self):
        return ["|", ("pigeon_ring", "!=", False), *super()._erasable_domain()]

    def _erase(self):
        self.pigeon_ring = False
        return super()._erase()
