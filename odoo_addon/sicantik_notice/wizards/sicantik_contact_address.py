"""How operators correct the address of an applicant: nothing else of a contact, and of
nobody who signs in to Odoo or stands for an office."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, single_email_re

from odoo.addons.sicantik_connector.tools.actions import dialog
from odoo.addons.sicantik_connector.tools.constants import OPERATOR
from odoo.addons.sicantik_connector.tools.rights import nothing_for_none, require_group

ADDRESSES = ("email", "whatsapp_number")


class SicantikContactAddress(models.TransientModel):
    """Asks for the e-mail address and the WhatsApp number of a contact."""

    _name = "sicantik.contact.address"
    _inherit = "sicantik.mixin"
    _description = "E-mail and WhatsApp of a Contact"

    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, ondelete="cascade"
    )
    email = fields.Char("E-mail")
    whatsapp_number = fields.Char("WhatsApp")
    # As they were when the page was opened, so that nobody else's change is lost.
    seen_email = fields.Char("E-mail Until Now")
    seen_whatsapp_number = fields.Char("WhatsApp Until Now")

    @api.model
    def default_get(self, names):
        """As the contact has them now."""
        partner = self.env["res.partner"].browse(
            self.env.context.get("default_partner_id")
        )
        now = {
            prefix + name: partner[name]
            for prefix in ("", "seen_")
            for name in ADDRESSES
            if partner and prefix + name in names
        }
        return {**super().default_get(names), **now}

    @nothing_for_none
    def action_save(self):
        """Write what was changed to the contact; operators only."""
        self.ensure_one()
        self.partner_id._set_sicantik_address(
            {name: self[name] for name in ADDRESSES},
            {name: self[f"seen_{name}"] for name in ADDRESSES},
        )
        return {"type": "ir.actions.act_window_close"}


class ResPartner(models.Model):
    _inherit = "res.partner"

    @nothing_for_none
    def action_sicantik_address(self):
        """Ask for e-mail address and WhatsApp number; operators only."""
        self.ensure_one()
        self._check_sicantik_address()
        return dialog(
            self.env._("E-mail and WhatsApp"),
            "sicantik.contact.address",
            {"default_partner_id": self.id},
        )

    def _set_sicantik_address(self, new, seen):
        """Store ``new``, where it differs from ``seen``: ``{"email",
        "whatsapp_number"}``, the latter as the user knew them. The chatter keeps who
        changed what.

        AccessError unless the user is an operator who may see the contact, UserError
        when it is not an applicant's, when a value cannot be taken, and when somebody
        else changed it meanwhile. Of a contact that people chose for its permits, whom
        SICANTIK does not know, only what is empty can be entered: else whoever chooses
        a supplier could have the supplier's invoices.
        """
        self.ensure_one()
        self._check_sicantik_address()
        # sudo: operators need not be allowed to change contacts; checked above
        partner = self.sudo()
        new = partner._clean_whatsapp({**new, "email": partner._clean_email(new)})
        changed = {
            name: new[name] or False
            for name in ADDRESSES
            if (new[name] or False) not in (seen[name] or False, partner[name])
        }
        chosen = self._is_chosen_by_people()
        for name in changed:
            if chosen and partner[name]:
                raise UserError(
                    self.env._(
                        "%(contact)s was chosen for the permit by hand, and has an "
                        "address already. Ask who looks after contacts in Odoo to "
                        "correct it.",
                        contact=partner.display_name,
                    )
                )
            if partner[name] != (seen[name] or False):
                raise UserError(
                    self.env._(
                        "Somebody changed the %(field)s of %(contact)s meanwhile: it "
                        "is “%(value)s” now. Close this, and look whether it is right.",
                        field=partner._fields[name]._description_string(self.env),
                        contact=partner.display_name,
                        value=partner[name] or "",
                    )
                )
        partner.write(changed)

    def _clean_email(self, values):
        """The address as Odoo compares it; UserError when it is none."""
        given = (values["email"] or "").strip()
        if given and not single_email_re.match(given):
            raise UserError(
                self.env._(
                    "“%s” is not an e-mail address. Give one, for example "
                    "name@example.com.",
                    given,
                )
            )
        return email_normalize(given)

    def _check_sicantik_address(self):
        """AccessError unless the user is an operator who may see the contact;
        UserError unless it is the contact of permits that the user sees, and only
        that: the address of an account is how one signs in."""
        require_group(
            self,
            OPERATOR,
            self.env._(
                "Only members of the group SICANTIK / Operator may correct the address "
                "of a contact. Ask an administrator for it."
            ),
        )
        held = [("partner_id", "=", self.id)]
        permits = self.env["sicantik.permit"]
        if not permits.search_count(held, limit=1):
            raise UserError(
                self.env._(
                    "%s holds no permit of your office. Ask who looks after contacts "
                    "in Odoo.",
                    self.display_name,
                )
            )
        companies = self.env.user.company_ids.ids
        foreign = [*held, ("company_id", "not in", companies)]
        # sudo: of other offices' permits no more is told than that there are some
        if permits.sudo().search_count(foreign, limit=1):
            raise UserError(
                self.env._(
                    "%s holds permits of another office, too. Only an administrator "
                    "changes this address.",
                    self.display_name,
                )
            )
        # sudo: who has an account and what is an office is for administrators
        partner = self.sudo().with_context(active_test=False)
        offices = partner.env["res.company"].search_count(held, limit=1)
        if partner.user_ids or offices:
            raise UserError(
                self.env._(
                    "%s signs in to Odoo or is an office. Only an administrator "
                    "changes this address.",
                    self.display_name,
                )
            )

    def _is_chosen_by_people(self):
        """Whether nothing in SICANTIK led from a permit to this contact."""
        found = [("partner_id", "=", self.id), ("partner_source", "!=", "manual")]
        return not self.env["sicantik.permit"].search_count(found, limit=1)


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    @nothing_for_none
    def action_contact_address(self):
        """Ask for the address of the permit's contact; operators only."""
        self.ensure_one()
        return bool(self.partner_id) and self.partner_id.action_sicantik_address()


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    @nothing_for_none
    def action_contact_address(self):
        """Ask for the recipient's address; operators only."""
        self.ensure_one()
        return bool(self.partner_id) and self.partner_id.action_sicantik_address()
