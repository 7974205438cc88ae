"""What the dashboard says of documents: one call beside that of the permits, by the
user's own rights, nothing kept."""

from datetime import datetime, time, timedelta

from pytz import timezone, utc

from odoo import api, fields, models
from odoo.tools import SQL

DOCUMENT, PERMIT = "sicantik.document", "sicantik.permit"
# Days in which a withdrawal is news.
RECENT = 30


class SicantikDocumentDashboard(models.AbstractModel):
    """FIGURE = ``{"key": str, "label": str, "count": int, "model": str, "terms":
    list}``: whoever searches the model by ``terms`` finds ``count``."""

    _name = "sicantik.document.dashboard"
    _inherit = "sicantik.mixin"
    _description = "SICANTIK Dashboard of Documents"

    @api.model
    @api.readonly
    def figures(self):
        """``[FIGURE]`` of documents, and one of permits; viewers only. A statement for
        the documents and one for the permits, whatever their number."""
        self.env["sicantik.dashboard"]._require_viewer()
        terms = self._terms()
        counts = self._count_documents(terms)
        without = [
            ("status", "=", "active"),
            ("document_ids", "not any", [("state", "=", "ready")]),
        ]
        labels = self._labels()
        found = [
            self._figure(key, labels[key], counts[key], DOCUMENT, terms[key])
            for key in terms
        ]
        count = self.env[PERMIT].search_count(without)
        return [
            *found,
            self._figure("without", labels["without"], count, PERMIT, without),
        ]

    @api.model
    def _figure(self, key, label, count, model, terms):
        return {
            "key": key,
            "label": label,
            "count": count,
            "model": model,
            "terms": terms,
        }

    @api.model
    def _labels(self):
        return {
            "today": self.env._("Came In Today"),
            "draft": self.env._("Draft"),
            "ready": self.env._("Ready"),
            "waiting": self.env._("Waiting for the Worker"),
            "withdrawn": self.env._("Withdrawn in the Last %s Days", RECENT),
            "without": self.env._("Active Permits without a Ready Document"),
        }

    @api.model
    def _terms(self):
        """``{key: terms}`` of documents; days are those of the first office that the
        user sees."""
        today = fields.Datetime.to_string(self._midnight(0))
        recent = fields.Datetime.to_string(self._midnight(RECENT))
        return {
            "today": [("create_date", ">=", today)],
            "draft": [("state", "=", "draft")],
            "ready": [("state", "=", "ready")],
            "waiting": [("is_waiting", "=", True)],
            "withdrawn": [("state", "=", "withdrawn"), ("withdrawn_at", ">=", recent)],
        }

    @api.model
    def _midnight(self, days):
        """When the office's day began, so many days ago; in UTC."""
        config = self.env["sicantik.config"].search([("active", "=", True)], limit=1)
        zone = timezone(config.tz or "Asia/Jakarta")
        today = utc.localize(fields.Datetime.now()).astimezone(zone).date()
        begins = datetime.combine(today - timedelta(days=days), time())
        return zone.localize(begins).astimezone(utc).replace(tzinfo=None)

    @api.model
    def _count_documents(self, terms):
        """``{key: number of documents}`` of those that the user may see."""
        documents = self.env[DOCUMENT]
        documents.flush_model()
        self.env["sicantik.document.upload"].flush_model(["document_id"])
        visible = documents._search([])
        columns = {
            "today": SQL("create_date >= %s", terms["today"][0][2]),
            "draft": SQL("state = 'draft'"),
            "ready": SQL("state = 'ready'"),
            "waiting": SQL(
                "erase_ordered_at IS NULL "
                "AND id IN (SELECT document_id FROM sicantik_document_upload)"
            ),
            "withdrawn": SQL(
                "state = 'withdrawn' AND withdrawn_at >= %s", terms["withdrawn"][1][2]
            ),
        }
        counted = SQL(", ").join(
            SQL("COUNT(*) FILTER (WHERE %s)", column) for column in columns.values()
        )
        [row] = self.env.execute_query(
            SQL(
                "SELECT %s FROM sicantik_document WHERE id IN %s",
                counted,
                visible.subselect(),
            )
        )
        return dict(zip(columns, row, strict=True))
