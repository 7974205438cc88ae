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
        return self._tell_each(config, kind, [(event, to, about, permits, facts)])

    @api.model
    def _tell_each(self, config, kind, events):
        """As ``_tell_people``, of several ``(event, to, about, permits, facts)`` of one
        configuration and kind at once."""
        # sudo: as in _tell
        notices, config = self.sudo(), config.sudo()
        if not (events and config._is_live()):
            return notices.browse()
        config._announce()
        asked = [
            (notices._values_of_people(config, kind, event, *rest), to.sudo())
            for event, to, *rest in events
        ]
        told = notices._people_told([values for values, _to in asked])
        people = {person for _values, to in asked for person in to}
        fit = {person for person in people if notices._may_tell(config, person)}
        new = [
            {**values, **notices._person_values(person)}
            for values, to in asked
            for person in to
            if person in fit
        ]
        due = notices._create_due(
            [values for values in new if self._place_of(values) not in told]
        )
        due._wake_action()
        return due

    @api.model
    def _values_of_people(self, config, kind, event, about, permits, facts):
        """What all have whom an event is told to; call with sudo."""
        permits = (permits or self.permit_id.browse()).sudo()
        permits = permits.filtered(lambda permit: permit.config_id == config)
        one = permits if len(permits) == 1 else permits.browse()
        values = {
            **self._values_of_event(config, kind, event, about or one or config),
            "facts": self._dated(facts),
        }
        if one:
            values |= {"permit_id": one.id, "expiry_date": one.expiry_date}
        elif permits:
            values["permit_ids"] = [(6, 0, permits.ids)]
        return values

    @api.model
    def _people_told(self, values_list):
        """The places (``_place_of``) of all that were told of these events."""
        names = ("res_model", "res_id", "kind", "event")
        same = [
            (name, "in", list({values[name] for values in values_list}))
            for name in names
        ]
        found = self.search_fetch(same, [*names, "recipient_key"])
        return {self._place_of(notice) for notice in found}

    @api.model
    def _place_of(self, values):
        """Of a notice or its values: what only one may have."""
        names = ("res_model", "res_id", "kind", "event", "recipient_key")
        return tuple(values[name] for name in names)

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
