"""What people set of an account, and the rules that it obeys."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.providers import ID_FIELDS, IDS, REQUIRED

# Bounds of each number, both included.
RANGES = {
    "per_minute": (1, 4800),
    "per_day": (1, 100_000),
    "people_per_day": (0, 1_000_000),
    "retries": (0, 10),
    "retry_seconds": (30, 86_400),
}
TRIMMED = ("name", *ID_FIELDS)


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
    people_per_day = fields.Integer(
        "People in 24 Hours",
        default=250,
        help="How many different people Meta lets the office write to in 24 hours, as "
        "your account at Meta shows it: this provider does not tell. A new office "
        "begins with 250; 0: no limit.",
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
        """The provider stays: the address of the webhook, the secrets, and the numbers
        of messages are its own."""
        other = "provider" in vals and self.filtered(
            lambda account: account.provider != vals["provider"]
        )
        if other:
            raise ValidationError(
                self.env._(
                    "%s stays with its provider. Make a new account for the other one, "
                    "and archive this one when that works.",
                    other[0].name,
                )
            )
        return super().write(self._trimmed(vals))

    @api.model
    def _trimmed(self, vals):
        """``vals`` without blanks around texts."""
        texts = {
            name: vals[name].strip() or False
            for name in TRIMMED
            if isinstance(vals.get(name), str)
        }
        return {**vals, **texts}

    def _own_ids(self):
        """``{field: id or None}`` of all three; what the provider has not is None,
        whatever was typed before it was chosen."""
        known = IDS[self.provider]
        return {name: name in known and self[name] or None for name in ID_FIELDS}

    @api.constrains(*RANGES)
    def _check_ranges(self):
        for account in self:
            for name, (low, high) in RANGES.items():
                if not low <= account[name] <= high:
                    remedy = self.env._(
                        "Give a number from %(low)s to %(high)s.", low=low, high=high
                    )
                    raise account._refusal(name, remedy)

    @api.constrains("provider", *ID_FIELDS)
    def _check_ids(self):
        # sudo: the ids are for managers; a rule looks at them whoever saves
        for account in self.sudo():
            for name, form in IDS[account.provider].items():
                given = account[name]
                required = (account.provider, name) in REQUIRED
                if not form.fullmatch(given) if given else required:
                    raise account._refusal(name, account._remedy_of(name))

    def _refusal(self, name, remedy):
        """A ValidationError that names the field, its value and the remedy."""
        self.ensure_one()
        return ValidationError(
            self.env._(
                "%(field)s of %(account)s cannot be “%(value)s”. %(remedy)s",
                field=self._label_of(name),
                account=self.name,
                value="" if self[name] is False else self[name],
                remedy=remedy,
            )
        )
