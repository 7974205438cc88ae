"""Types that are renewals of others: SICANTIK may list the renewal of IZIN X as
PERPANJANGAN IZIN X. Such pairs are found by their names and offered once; where a
manager says so, the one counts as the other when renewals are looked for. Both remain
types of their own, with their own permits and figures.

Old names, archived types and chains are followed when the types are read, so nothing
has to be mended when types are merged or separated later.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import compat
from ...tools.constants import MANAGER, RENEWAL_DAYS
from ...tools.renewals import plain, renewed_names


class SicantikPermitType(models.Model):
    _inherit = "sicantik.permit.type"

    renews_type_id = fields.Many2one(
        "sicantik.permit.type",
        "Counts as",
        index="btree_not_null",
        ondelete="set null",
        help="The type of which permits of this type are the renewals.",
    )
    renews_nothing = fields.Boolean(
        "Counts as No Other", help="A manager said that it is no renewal."
    )
    likely_renews_id = fields.Many2one(
        "sicantik.permit.type", "May Count as", compute="_compute_likely_renews_id"
    )
    has_likely_renews = fields.Boolean(
        "To Be Decided",
        compute="_compute_likely_renews_id",
        search="_search_has_likely_renews",
    )

    @api.depends("name", "active", "merged_into_id", "renews_type_id", "renews_nothing")
    def _compute_likely_renews_id(self):
        likely = self._likely_pairs(self.config_id)
        for permit_type in self:
            found = likely.get(permit_type._origin.id, self.browse())
            permit_type.likely_renews_id = found
            permit_type.has_likely_renews = bool(found)

    @api.model
    def _search_has_likely_renews(self, operator, value):
        asked = compat.asks_for_true("has_likely_renews", operator, value)
        likely = self._likely_pairs(self.env["sicantik.config"]._every_config())
        return [("id", "in" if asked else "not in", list(likely))]

    @api.model
    def _likely_pairs(self, configs):
        """``{type id: the type that it may renew}`` for the types in use of ``configs``
        of which nobody decided yet: one query."""
        types = self.with_context(active_test=False).search_fetch(
            [("config_id", "in", configs.ids)],
            [
                *("config_id", "name", "active", "merged_into_id"),
                *("renews_type_id", "renews_nothing"),
            ],
        )
        named = {}
        # Of several that differ in marks and blanks, one in use and the first.
        for permit_type in types.sorted(lambda t: (not t.active, t.id), reverse=True):
            key = permit_type.config_id, plain(permit_type.name)
            named[key] = permit_type.merged_into_id or permit_type
        pairs = {}
        for permit_type in types:
            decided = permit_type.renews_type_id or permit_type.renews_nothing
            if decided or permit_type.merged_into_id or not permit_type.active:
                continue
            for key in renewed_names(permit_type.name):
                other = named.get((permit_type.config_id, key), types.browse())
                if other.active and other != permit_type:
                    pairs[permit_type.id] = other.with_env(self.env)
                    break
        return pairs

    @api.model
    def _kinds_of_renewals(self, config, likely=False):
        """``{type id: id of the type as which it counts}`` when renewals are looked
        for, for all types of ``config``; ``likely``: also where nobody decided yet. One
        query."""
        types = self.with_context(active_test=False).search_fetch(
            [("config_id", "=", config.id)], ["merged_into_id", "renews_type_id"]
        )
        pairs = self._likely_pairs(config) if likely else {}
        following = {
            permit_type.id: (
                permit_type.merged_into_id
                or permit_type.renews_type_id
                or pairs.get(permit_type.id, self.browse())
            ).id
            for permit_type in types
        }
        return {type_id: _last_of(type_id, following) for type_id in following}

    def _types_that_renew(self):
        """The types whose permits may renew those of this type, itself included; also
        by pairs of which nobody decided yet."""
        kinds = self._kinds_of_renewals(self.config_id, likely=True)
        mine = kinds.get(self.id)
        return self.browse([i for i, kind in kinds.items() if kind == mine])

    @api.model
    def renewal_pairs(self):
        """What the page of types says of pairs to decide: ``{"message": sentence, or
        empty}``; empty for who may not decide."""
        self.check_access("read")
        likely = {}
        if self.env.user.has_group(MANAGER):
            likely = self._likely_pairs(self.env["sicantik.config"]._every_config())
        if not likely:
            return {"message": ""}
        first, other = next(iter(likely.items()))
        return {
            "message": self.env._(
                "%(count)s permit types may be renewals of another one, such as "
                "“%(name)s” of “%(other)s”. Say once which are, so that renewals are "
                "found.",
                count=len(likely),
                name=self.browse(first).name,
                other=other.name,
            )
        }

    def action_count_as_renewed(self):
        """Permits of these types renew those of the types that they may renew; managers
        only."""
        self._require_manager()
        pairs = self._pairs_to_decide()
        # sudo: people write no types; the group was checked above
        for permit_type, other in pairs.items():
            permit_type.sudo().renews_type_id = other
        self._propose_by_type()
        return True

    def action_count_as_no_other(self):
        """These types are no renewals, and that is not asked again; managers only."""
        self._require_manager()
        for permit_type in self._pairs_to_decide():
            # sudo: as above
            permit_type.sudo().renews_nothing = True
        return True

    def action_forget_renewed_type(self):
        """Take either answer back: the question comes again; managers only."""
        self._require_manager()
        # sudo: as above
        self.sudo().write({"renews_type_id": False, "renews_nothing": False})
        self._propose_by_type()
        return True

    def _pairs_to_decide(self):
        """``{type: the type that it may renew}`` of these; UserError for another
        one."""
        for permit_type in self:
            if not permit_type.likely_renews_id:
                raise UserError(
                    self.env._(
                        "There is nothing to decide of “%s”: somebody did already, or "
                        "no type has the name without the word for a renewal.",
                        permit_type.name,
                    )
                )
        return {permit_type: permit_type.likely_renews_id for permit_type in self}

    def _propose_by_type(self):
        """Look anew for the renewals of what ends soon, of these types and of those
        that count as them."""
        for own in self._worker_env().grouped("config_id").values():
            config, permits = own.config_id, own.env["sicantik.permit"]
            kinds = self._kinds_of_renewals(config, likely=True)
            mine = {kinds[permit_type.id] for permit_type in own}
            ends = config._today() + timedelta(days=RENEWAL_DAYS)
            found = permits.search(
                [
                    ("config_id", "=", config.id),
                    ("permit_type_id", "in", [i for i in kinds if kinds[i] in mine]),
                    ("status", "in", ("active", "expired")),
                    ("expiry_date", "<=", ends),
                ]
            )
            found._propose_renewals(config)


def _last_of(type_id, following):
    """Where the way from ``type_id`` ends; of types that lead to each other, the first
    one made."""
    way = [type_id]
    while after := following.get(way[-1]):
        if after in way:
            return min(way[way.index(after) :])
        way.append(after)
    return way[-1]
