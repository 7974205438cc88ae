"""What people set of an account, and the rules that it obeys."""

import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.sicantik_connector.tools.urls import is_http, problem_of

# Bounds of each number, both included.
RANGES = {
    "per_minute": (1, 4800),
    "per_day": (1, 100_000),
    "retries": (0, 10),
    "retry_seconds": (30, 86_400),
}
DIGITS = re.compile(r"[0-9]{5,30}")
TRIMMED = ("name", "sender_id", "business_id", "public_url")


class SicantikWhatsappAccount(models.Model):
    _inherit = "sicantik.whatsapp.account"

    per_minute = fields.Integer(
        "Messages a Minute", default=60, help="At most, 1 to 4,800."
    )
    per_day = fields.Integer(
        "Messages in 24 Hours",
        default=1000,
        help="At most, 1 to 100,000. The lower of this and what Meta allows counts.",
    )
    retries = fields.Integer(
        "Further Tries",
        default=3,
        help="How often a message that the provider could not take is tried again, "
        "0 to 10.",
    )
    retry_seconds = fields.Integer(
        "Pause Before a Try",
        default=300,
        help="Seconds before the first further try, 30 to 86,400; each later pause is "
        "longer.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._trimmed(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._trimmed(vals))

    @api.model
    def _trimmed(self, vals):
        """``vals`` without blanks around texts and slashes behind the address."""
        texts = {
            name: vals[name].strip().rstrip("/") if name == "public_url" else vals[name]
            for name in TRIMMED
            if isinstance(vals.get(name), str)
        }
        return {**vals, **{name: text.strip() or False for name, text in texts.items()}}

    @api.constrains(*RANGES)
    def _check_ranges(self):
        for account in self:
            for name, (low, high) in RANGES.items():
                if not low <= account[name] <= high:
                    remedy = self.env._(
                        "Give a number from %(low)s to %(high)s.", low=low, high=high
                    )
                    raise account._refusal(name, remedy)

    @api.constrains("sender_id", "business_id")
    def _check_ids(self):
        remedy = self.env._(
            "Copy the number from the page of your app at Meta; it has digits only, "
            "and is not the telephone number."
        )
        # sudo: the ids are for managers; a rule looks at them whoever saves
        for account in self.sudo():
            for name in ("sender_id", "business_id"):
                if account[name] and not DIGITS.fullmatch(account[name]):
                    raise account._refusal(name, remedy)

    @api.constrains("public_url")
    def _check_public_url(self):
        remedy = self.env._(
            "Give a whole web address that begins with https://, as in "
            "https://perizinan.example.go.id."
        )
        # sudo: as above
        for account in self.sudo():
            url = account.public_url
            if url and (problem_of(url) or is_http(url)):
                raise account._refusal("public_url", remedy)

    @api.constrains("active", "config_id")
    def _check_one_active(self):
        for account in self.filtered("active"):
            same = [("config_id", "=", account.config_id.id), ("active", "=", True)]
            if self.search_count(same, limit=2) > 1:
                raise ValidationError(
                    self.env._(
                        "%s has an active WhatsApp account already. Archive that one "
                        "first.",
                        account.config_id.name,
                    )
                )

    def _refusal(self, name, remedy):
        """A ValidationError that names the field, its value and the remedy."""
        self.ensure_one()
        return ValidationError(
            self.env._(
                "%(field)s of %(account)s cannot be “%(value)s”. %(remedy)s",
                field=self._fields[name]._description_string(self.env),
                account=self.name,
                value=self[name],
                remedy=remedy,
            )
        )
