"""Exported pivot tables: the values by which a table is grouped are texts, too."""

import json
import re

from odoo import http

from odoo.addons.web.controllers.pivot import TableExporter

# What the writer of xlsx files makes a formula or a link of.
LIVE = re.compile(r"=|\{=|(?:(?:ftp|http)s?://|mailto:|internal:|external:)")


class PlainTableExporter(TableExporter):
    @http.route()
    def export_xlsx(self, data, **kw):
        """An apostrophe stands before what would be live: Odoo gives no hold on the
        cells, and of a pivot table nothing is brought back."""
        table = json.loads(data if isinstance(data, str) else data.read()) or {}
        rows = table.get("rows") or []
        heads = [
            *(head for line in table.get("col_group_headers") or [] for head in line),
            *(table.get("measure_headers") or []),
            *(table.get("origin_headers") or []),
            *rows,
        ]
        for head in heads:
            head["title"] = _harmless(head["title"])
        for cell in (cell for row in rows for cell in row["values"]):
            cell["value"] = _harmless(cell["value"])
        return super().export_xlsx(json.dumps(table), **kw)


def _harmless(value):
    return f"'{value}" if isinstance(value, str) and LIVE.match(value) else value
