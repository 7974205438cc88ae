"""A permit is found by whatever of it somebody types, and where nothing is found, what
comes near.

All that it is found by stands in one column, in the plain letters of
tools/search_text.py, and follows whatever writes a part of it. A search reads that
column of all permits: see docs/decisions/0022.
"""

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.search_text import (
    PARTS,
    likeness,
    near_words,
    pieces_of,
    readings,
    search_text,
)

# Permits that are compared letter by letter with what was typed.
COMPARED = 200
# Of these, how many may have been meant.
NEAREST = 5


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    search_text = fields.Char(prefetch=False, copy=False, exportable=False)

    @api.model_create_multi
    def create(self, vals_list):
        """Further applicants add themselves to the text."""
        texts = [{"search_text": search_text(vals)} for vals in vals_list]
        both = zip(vals_list, texts, strict=True)
        return super().create([{**vals, **text} for vals, text in both])

    def write(self, vals):
        """The text in the same statement, where a part of it changes."""
        parts = {name: vals[name] or False for name in PARTS & vals.keys()}
        if not parts:
            return super().write(vals)
        for permit in self:
            own = vals
            if any(permit[name] != value for name, value in parts.items()):
                own = {**vals, "search_text": permit._search_text_with(parts)}
            super(SicantikPermit, permit).write(own)
        return True

    def _keep_search_text(self):
        for permit in self:
            permit.search_text = permit._search_text_with({})

    def _search_text_with(self, parts):
        """The text of this permit when ``parts`` are written."""
        values = {name: parts.get(name, self[name]) for name in PARTS}
        return search_text(values, self.applicant_ids.mapped("name"))

    @api.model
    def _search_display_name(self, operator, value):
        """Each word that was typed must occur somewhere in what a permit is found by;
        the first reading that finds something counts, else the last. Other operators
        compare the names, as always."""
        if operator not in ("ilike", "not ilike") or not isinstance(value, str):
            return super()._search_display_name(operator, value)
        if not value.strip():
            return super()._search_display_name(operator, "")
        *stricter, last = map(self._terms_domain, readings(value))
        found = (domain for domain in stricter if self.search_count(domain, limit=1))
        domain = next(found, last)
        return ["!", *domain] if operator == "not ilike" else domain

    @api.model
    def _terms_domain(self, terms):
        """A domain of a reading."""
        domains = [
            self._joined("|", [self._texts_domain(texts) for texts in term])
            for term in terms
        ]
        return self._joined("&", domains) or [("id", "=", False)]

    @api.model
    def _texts_domain(self, texts):
        return self._joined("&", [[("search_text", "like", text)] for text in texts])

    @api.model
    def _joined(self, operator, domains):
        """One domain of several, each of which is one term."""
        joined = [operator] * (len(domains) - 1)
        return joined + [part for domain in domains for part in domain]

    @api.model
    @api.readonly
    def nearest(self, typed):
        """The permits that somebody may have meant who typed something that is not
        found, the nearest first, as the user may see them: ``[{"id", "name"}]``, at
        most ``NEAREST``. All words are near, or else all but one; nothing but a text is
        near to anything."""
        words = near_words(typed) if isinstance(typed, str) else []
        if not words:
            return []
        near = {
            permit_id: likeness(words, text)
            for permit_id, text in self._with_pieces(words)
        }
        ranked = sorted(filter(near.get, near), key=near.get, reverse=True)
        return [
            {"id": permit.id, "name": permit._name_of_nearest()}
            for permit in self.browse(ranked[:NEAREST])
        ]

    def _name_of_nearest(self):
        number = self.permit_number or self.registration_number
        names = (number, self.applicant_name, self.company_name)
        return " · ".join(dict.fromkeys(filter(None, names)))

    @api.model
    def _with_pieces(self, words):
        """``[(id, text)]`` of the permits that have the most pieces of ``words``, at
        most ``COMPARED``."""
        self.flush_model(["search_text"])
        number, column = (
            SQL.identifier(self._table, name) for name in ("id", "search_text")
        )
        pieces = pieces_of(words)
        share = SQL(" + ").join(self._share_sql(column, some) for some in pieces)
        query = self._search([])
        # Ordered by its name: every row is looked through once.
        query.order = SQL("share DESC NULLS LAST, id DESC")
        query.limit = COMPARED
        rows = self.env.execute_query(
            query.select(number, column, SQL("%s AS share", share))
        )
        return [(permit_id, text) for permit_id, text, found in rows if found]

    @api.model
    def _share_sql(self, column, pieces):
        """Which share of ``pieces`` occurs in the text."""
        occurring = [SQL("(%s LIKE %s)::int", column, f"%{p}%") for p in pieces]
        return SQL("(%s) / %s::real", SQL(" + ").join(occurring), len(pieces))
