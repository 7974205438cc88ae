"""A permit is found by whatever of it somebody types, and where nothing is found, what
comes near.

All that it is found by stands in one column, in the plain letters of
tools/search_text.py, and follows whatever writes a part of it.
"""

import psycopg2

from odoo import api, fields, models
from odoo.modules import db
from odoo.tools import SQL

from ...tools.search_text import (
    PARTS,
    near_words,
    pieces_of,
    search_text,
    terms_of,
)

# Share of the threes of letters in a word that are the same in what is near to it.
NEAR = 0.4
# PostgreSQL's operator for it, which an index serves.
NEAR_TO = SQL("%%>")
# How many permits may have been meant.
NEAREST = 5


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    search_text = fields.Char(
        index="trigram", prefetch=False, copy=False, exportable=False
    )

    def init(self):
        """Have the database search by parts of words, where it may."""
        result = super().init()
        if not self.pool.has_trigram:
            try:
                with self.env.cr.savepoint(flush=False):
                    query = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
                    self.env.cr.execute(query, log_exceptions=False)
            except psycopg2.Error:
                # Searches are right without it, and slower: sicantik doctor says so.
                return result
            self.pool.has_trigram = db.has_trigram(self.env.cr)
        return result

    @api.model
    def _is_search_indexed(self):
        """Whether the database has the index by which searches are quick."""
        query = SQL(
            "SELECT 1 FROM pg_indexes WHERE tablename = %s AND indexdef LIKE %s",
            self._table,
            "% USING gin (%search_text%",
        )
        return bool(self.env.execute_query(query))

    @api.model_create_multi
    def create(self, vals_list):
        """Further applicants add themselves to the text."""
        texts = [{"search_text": search_text(vals)} for vals in vals_list]
        both = zip(vals_list, texts, strict=True)
        return super().create([{**vals, **text} for vals, text in both])

    def write(self, vals):
        result = super().write(vals)
        if not PARTS.isdisjoint(vals):
            self._keep_search_text()
        return result

    def _keep_search_text(self):
        for permit in self:
            values = {name: permit[name] for name in PARTS}
            further = permit.applicant_ids.mapped("name")
            permit.search_text = search_text(values, further)

    @api.model
    def _search_display_name(self, operator, value):
        """Each word that was typed must occur somewhere in what a permit is found by;
        where what stands together occurs nowhere, its parts must. Other operators
        compare the names, as always."""
        if operator not in ("ilike", "not ilike") or not isinstance(value, str):
            return super()._search_display_name(operator, value)
        if not value.strip():
            return super()._search_display_name(operator, "")
        domain = self._terms_domain(terms_of(value))
        apart = self._terms_domain(terms_of(value, apart=True))
        if apart != domain and not self.search_count(domain, limit=1):
            domain = apart
        return ["!", *domain] if operator == "not ilike" else domain

    @api.model
    def _terms_domain(self, terms):
        """A domain of ``terms_of``."""
        domains = [
            self._joined("|", [self._texts_domain(texts) for texts in term])
            for term in terms
        ]
        return self._joined("&", domains) or [("id", "=", False)]

    @api.model
    def _texts_domain(self, texts):
        return self._joined("&", [[("search_text", "ilike", text)] for text in texts])

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
        most ``NEAREST``. A word that is written a little otherwise counts as near; all
        words are, or else all but one."""
        words = near_words(typed)
        if not words:
            return []
        near = [self._near_sql(word) for word in words]
        found = self._search_nearest(words, SQL(" AND ").join(near))
        if not found and len(words) > 1:
            all_but_one = [
                SQL("(%s)", SQL(" AND ").join(near[:at] + near[at + 1 :]))
                for at in range(len(near))
            ]
            found = self._search_nearest(words, SQL(" OR ").join(all_but_one))
        return [
            {"id": permit.id, "name": permit._name_of_nearest()} for permit in found
        ]

    def _name_of_nearest(self):
        number = self.permit_number or self.registration_number
        names = (number, self.applicant_name, self.company_name)
        return " · ".join(dict.fromkeys(filter(None, names)))

    @api.model
    def _search_nearest(self, words, near):
        """The permits for which ``near`` (SQL) holds, those first that are likest."""
        self.flush_model(["search_text"])
        query = self._search([])
        query.add_where(SQL("(%s)", near))
        likeness = [self._likeness_sql(word) for word in (*words, "".join(words))]
        query.order = SQL(
            "%s DESC, %s DESC",
            SQL(" + ").join(likeness),
            SQL.identifier(self._table, "id"),
        )
        query.limit = NEAREST
        if self.pool.has_trigram:
            self.env.execute_query(
                SQL(
                    "SELECT set_config('pg_trgm.word_similarity_threshold', %s, TRUE)",
                    str(NEAR),
                )
            )
        rows = self.env.execute_query(query.select())
        return self.browse([permit_id for (permit_id,) in rows])

    @api.model
    def _occurs_sql(self, text):
        """Whether ``text`` occurs, as a search asks for it."""
        unaccent = self.pool.unaccent
        column = unaccent(SQL.identifier(self._table, "search_text"))
        return SQL("%s ILIKE %s", column, unaccent(SQL("%s", f"%{text}%")))

    @api.model
    def _near_sql(self, word):
        """Whether ``word``, or something near to it, occurs."""
        if not self.pool.has_trigram:
            return SQL("%s >= %s", self._likeness_sql(word), NEAR)
        column = self.pool.unaccent(SQL.identifier(self._table, "search_text"))
        return SQL("(%s OR %s %s %s)", self._occurs_sql(word), column, NEAR_TO, word)

    @api.model
    def _likeness_sql(self, word):
        """0 to 1: 1 where ``word`` occurs."""
        if self.pool.has_trigram:
            column = self.pool.unaccent(SQL.identifier(self._table, "search_text"))
            share = SQL("word_similarity(%s, %s)", word, column)
        else:
            pieces = pieces_of(word)
            occurring = [SQL("(%s)::int", self._occurs_sql(piece)) for piece in pieces]
            share = SQL("(%s) / %s::real", SQL(" + ").join(occurring), len(pieces))
        return SQL("CASE WHEN %s THEN 1 ELSE %s END", self._occurs_sql(word), share)
