"""What a kind of notices has of its own: when it is overtaken, who is concerned, what a
person of the office reads, which text an e-mail has.

``_by_kind("_overtaken")`` calls ``_overtaken_<kind>()`` and, where a kind has none,
``_overtaken_default()``. An addon that adds a kind brings those methods that it needs.
"""

from odoo import api, models
from odoo.tools import format_date

from .due import CHANGED, EXPIRING, RENEWED
from .notice import APPLICANT, OFFICIAL, PERMIT, STAFF
from .renewed import RENEWAL_PROPOSED, UNTRUE

NOTHING = (None, None)


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    def _by_kind(self, rule, *args):
        """What ``<rule>_<kind>()`` says, else ``<rule>_default()``."""
        self.ensure_one()
        default = getattr(self, f"{rule}_default")
        return getattr(self, f"{rule}_{self.kind}", default)(*args)

    def _overtaken_default(self):
        """``(state, code)`` when there is nothing to be told any more, else
        ``(None, None)``."""
        return NOTHING

    def _overtaken_permit_expiring(self):
        permit = self.permit_id
        if not permit:
            return NOTHING
        dated = permit.expiry_date and permit.expiry_date == self.expiry_date
        if permit.status != "active" or not dated:
            return UNTRUE
        if permit.expiry_date < self.config_id._today():
            return "cancelled", "expired"
        if permit.proposed_renewal_id:
            return RENEWAL_PROPOSED
        if self.state != "due":
            return NOTHING
        nearer = [
            ("permit_id", "=", permit.id),
            ("recipient_type", "=", self.recipient_type),
            ("kind", "=", EXPIRING),
            ("event", "=", self.event),
            ("step", "<", self.step),
        ]
        if self.search_count(nearer, limit=1):
            return "skipped", "nearer"
        return NOTHING

    def _overtaken_renewal_approved(self):
        if self.permit_id.status == "cancelled":
            return UNTRUE
        concerned = self.permit_id._renewal_recipients()
        told = self._written_to(self.partner_id)
        if self._is_for_holders() and told not in concerned:
            return UNTRUE
        return NOTHING

    def _overtaken_status_update(self):
        told = self._new_status()
        return UNTRUE if told and self.permit_id.status != told else NOTHING

    def _new_status(self):
        """The permit's status that the notice tells of, if it tells of one. A status of
        another record is the business of that record's addon."""
        permits = self.kind == CHANGED and self.res_model == PERMIT
        return permits and (self.facts or {}).get("new")

    def _ending_told(self):
        """The kind of ending that the notice tells of; 1.2.0 did not note it."""
        if self._new_status() != "cancelled":
            return None
        return self.facts.get("ending") or self.permit_id.ending

    def _goes_together_default(self):
        """Whether notices of the kind to one applicant go out as one message."""
        return False

    def _goes_together_permit_expiring(self):
        return True

    def _holders_default(self):
        """The applicants whom it concerns as things are now, each a contact or nobody;
        nothing when that cannot be said."""
        return ()

    def _holders_permit_expiring(self):
        return {self._written_to(self.permit_id.partner_id)}

    @api.model
    def _written_to(self, partner):
        """Nobody for a contact that is archived: the office is asked as without one."""
        return partner.filtered("active")

    def _holders_renewal_approved(self):
        return self.permit_id._renewal_recipients() if self._is_for_holders() else ()

    def _is_for_holders(self):
        """Whether it tells those whose permits were renewed; an event of another addon
        is that addon's to judge."""
        return self.recipient_type == APPLICANT and self.event == RENEWED

    def _holders_status_update(self):
        holder = self._written_to(self.permit_id.partner_id)
        return {holder} if self._new_status() else ()

    def _summary_default(self):
        """What a person of the office is asked to do, or is told."""
        about = self._kind_label()
        if self.recipient_type == STAFF:
            return about
        if self.recipient_type == OFFICIAL:
            return self.env._("Tell the official: %s", about)
        return self.env._("Tell the applicant: %s", about)

    def _summary_permit_expiring(self):
        if self.recipient_type != APPLICANT:
            return self._summary_default()
        return self.env._("Tell the applicant that the permit expires")

    def _summary_renewal_approved(self):
        if self.recipient_type != APPLICANT:
            return self._summary_default()
        return self.env._("Tell the applicant that the renewal is approved")

    def _summary_status_update(self):
        if self.recipient_type != APPLICANT:
            return self._summary_default()
        return self.env._("Tell the applicant of the new status")

    def _facts_default(self):
        """``[(label, value)]`` that a person needs, in the language of who reads it."""
        permit, env = self.permit_id, self.env
        facts = []
        if self.recipient_type == OFFICIAL:
            facts += [
                (env._("Official"), self.partner_id.name),
                (env._("Phone"), self.phone),
            ]
        if self.res_model != PERMIT:
            facts.append((env._("About"), self.record_name))
        if permit:
            facts += [
                (env._("Permit"), permit.display_name),
                (env._("Permit Type"), permit.permit_type_id.name),
                (env._("Applicant"), self.applicant_name),
            ]
        if self.recipient_type == APPLICANT:
            facts.append((env._("Phone"), self.phone))
        if self.recipient_type != STAFF and not self.trial:
            # As it was written, where it is no address that could be used.
            facts.append((env._("E-mail"), self.partner_id.email))
        if self.permit_ids:
            facts.append(
                (env._("Permits"), f"{self.permit_count}: {self.permit_items}")
            )
        return facts

    def _trial_facts(self):
        """What to do instead, in a trial."""
        config = self.config_id
        if not self.trial:
            return []
        words = self.env._(
            "Do not tell the recipient: All Notices To is %(number)s, %(address)s.",
            number=config.all_notices_phone,
            address=config.all_notices_email,
        )
        return [(self.env._("Trial"), words)]

    def _facts_permit_expiring(self):
        return [
            *self._facts_default(),
            self._fact_of_expiry(),
            (self.env._("Apply for Renewal at"), self.renewal_link),
        ]

    def _facts_renewal_approved(self):
        return [*self._facts_default(), self._fact_of_expiry()]

    def _facts_status_update(self):
        status, ending = (self.facts or {}).get("new"), self._ending_told()
        name, value = ("ending", ending) if ending else ("status", status)
        labels = self.permit_id._fields[name]._description_selection(self.env)
        return [*self._facts_default(), (self.env._("Status"), dict(labels).get(value))]

    def _fact_of_expiry(self):
        env, date = self.env, self.permit_id.expiry_date
        days = env._("%(days)s days left", days=self.days_left)
        return env._("Expires"), date and f"{format_date(env, date)} ({days})"

    def _text_default(self):
        """The external id of the mail template."""
        return f"sicantik_notice.mail_template_{self.kind}_{self.language}"
