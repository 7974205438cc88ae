"""Numbers that nobody writes to, whatever else says that they may be."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.sicantik_connector.tools import compat
from odoo.addons.sicantik_connector.tools.constants import MANAGER
from odoo.addons.sicantik_connector.tools.phone_number import phone_key
from odoo.addons.sicantik_connector.tools.rights import require_group


class SicantikWhatsappBlocked(models.Model):
    """A number that is never written to by WhatsApp, for one company or for all.

    Operators add numbers, one by one or by an import; managers remove them, and add
    those for all companies. A number
    stays for as long as its block does, whatever *Keep Addresses* says: without it
    nobody could obey.
    """

    _name = "sicantik.whatsapp.blocked"
    _inherit = "sicantik.owned.mixin"
    _description = "SICANTIK Blocked Number"
    _order = "id desc"
    _rec_name = "number"

    _people_create = True
    _people_fields = frozenset({"number", "reason", "company_id"})

    number = fields.Char(
        required=True, help="However it is written; it is kept as +62 and so on."
    )
    reason = fields.Char(
        required=True, help="Why nobody is to write to it, for whoever asks later."
    )
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        ondelete="cascade",
        help="Whose messages never go there. Empty: those of all companies.",
    )

    compat.add_constraint(
        locals(),
        "number_once",
        "EXCLUDE (number WITH =, (COALESCE(company_id, 0)) WITH =)"
        " DEFERRABLE INITIALLY DEFERRED",
        "This number is blocked already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """What waits for these numbers is stopped at once."""
        self.check_access("create")
        blocked = super().create([self._with_key(vals) for vals in vals_list])
        blocked._check_for_all()
        blocked._stop_waiting()
        return blocked

    def write(self, vals):
        """Operators correct the reason; another number or company is another block,
        which managers make of this one."""
        if vals.keys() - {"reason"}:
            require_group(
                self,
                MANAGER,
                self.env._(
                    "Only members of the group SICANTIK / Manager may change or remove "
                    "a blocked number. Ask an administrator for it."
                ),
                "write",
            )
        result = super().write(self._with_key(vals))
        self._stop_waiting()
        return result

    def _check_for_all(self):
        """AccessError where the user blocks a number for companies that are not the
        user's, and is no manager."""
        for_all = self.filtered(lambda one: not one.company_id)
        # sudo: only whether there are other companies
        companies = self.env["res.company"].sudo()
        others = [("id", "not in", self.env.user.company_ids.ids)]
        if for_all and companies.search_count(others, limit=1):
            require_group(
                for_all,
                MANAGER,
                self.env._(
                    "Only members of the group SICANTIK / Manager may block a number "
                    "for all companies. Choose your company, or ask an administrator "
                    "for it."
                ),
                "create",
            )

    @api.model
    def _with_key(self, vals):
        """``vals`` with the number in E.164; ValidationError when it is none."""
        if not vals.get("number"):
            return vals
        key = phone_key(vals["number"])
        if not key:
            raise ValidationError(
                self.env._(
                    "“%s” is no telephone number, or more than one. Give one number, "
                    "as in 0836 0100 0123 or +62 836 0100 0123.",
                    vals["number"],
                )
            )
        return {**vals, "number": key}

    @api.constrains("number", "company_id")
    def _check_once(self):
        for blocked in self:
            own = [
                ("number", "=", blocked.number),
                ("company_id", "=", blocked.company_id.id),
                ("id", "!=", blocked.id),
            ]
            if self.search_count(own, limit=1):
                raise ValidationError(
                    self.env._("%s is blocked already.", blocked.number)
                )

    @api.model
    def _among(self, numbers, company):
        """``{number}``: those of ``numbers`` to which ``company`` does not write; call
        with sudo."""
        concerned = [
            ("number", "in", list(numbers)),
            ("company_id", "in", [False, company.id]),
        ]
        return set(self.search_fetch(concerned, ["number"]).mapped("number"))

    def _stop_waiting(self):
        # sudo: messages are written by methods only
        messages = self.env["sicantik.whatsapp.message"].sudo()
        for company, blocked in self.sudo().grouped("company_id").items():
            messages._stop_blocked(blocked.mapped("number"), company)
