"""People of the office and officials are told, too: the door ``_tell_people``.

A notice to them is about one record, such as a document or a configuration, and may
tell of several permits. What is known of applicants (another contact of the permit, a
notice nearer to the expiry date) does not touch it.
"""

from odoo import api, models

from .notice import APPLICANT, OFFICIAL, STAFF


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    @api.model
    def _tell_people(
        self, config, kind, event, to, about=None, permits=None, facts=None
    ):
        """Queue a notice for each of ``to``: users are told as people of the office,
        contacts as officials; returns the new notices.

        ``kind``, ``event`` and ``facts`` are those of ``_tell``: of the same event
        about the same record each is told once, however often this is called.
        ``about`` is that record, default the one of ``permits`` (those of ``config``
        among them), else the configuration.

        Nobody is told who may not see what concerns the company, and nobody at all of
        an office that is not live yet. As with ``_tell`` the action sends what is due.
        """
        # sudo: as in _tell
        notices, config, to = self.sudo(), config.sudo(), to.sudo()
        if not config._is_live():
            return notices.browse()
        config._announce()
        permits = (permits or notices.permit_id.browse()).sudo()
        permits = permits.filtered(lambda permit: permit.config_id == config)
        one = permits if len(permits) == 1 else permits.browse()
        values = {
            **notices._values_of_event(config, kind, event, about or one or config),
            "facts": self._dated(facts),
        }
        if one:
            values |= {"permit_id": one.id, "expiry_date": one.expiry_date}
        elif permits:
            values["permit_ids"] = [(6, 0, permits.ids)]
        told = notices._people_told(values)
        new = [
            {**values, **notices._person_values(person)}
            for person in to
            if notices._may_tell(config, person)
        ]
        due = notices._create_due([v for v in new if v["recipient_key"] not in told])
        due._wake_action()
        return due

    @api.model
    def _people_told(self, values):
        """``{recipient key}`` of those who were told of the event in ``values``."""
        names = ("res_model", "res_id", "kind", "event")
        same = [(name, "=", values[name]) for name in names]
        return set(self.search(same).mapped("recipient_key"))

    @api.model
    def _person_values(self, person):
        if person._name == "res.users":
            return {
                "recipient_type": STAFF,
                "recipient_user_id": person.id,
                "partner_id": person.partner_id.id,
                "recipient_key": f"{STAFF}:{person.id}",
            }
        return {
            "recipient_type": OFFICIAL,
            "partner_id": person.id,
            "recipient_key": f"{OFFICIAL}:{person.id}",
        }

    @api.model
    def _may_tell(self, config, person):
        """Whether a user may see the company's permits; whether a contact is there and
        of no other company."""
        if person._name == "res.users":
            return config._may_answer(person)
        own = not person.company_id or person.company_id == config.company_id
        return person.active and own

    def _may_be_told(self):
        """Whether the recipient may be told today."""
        if self.recipient_type == APPLICANT:
            return True
        staff = self.recipient_type == STAFF
        person = self.recipient_user_id if staff else self.partner_id
        return self._may_tell(self.config_id, person)
