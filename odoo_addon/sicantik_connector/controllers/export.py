"""Exported lists: a text of whoever filled in a form stays a text.

Applicants choose what SICANTIK holds of them, and officers open the lists in a
spreadsheet, which would work out a text that begins like a formula, or make a link of
it. So every text of every list goes out as a text, whatever its model: the same names
stand in permits, contacts, notices and in what is read over them.

- xlsx: a cell knows what it is. The texts are written as texts, unchanged, so that
  ``+62812…`` reads and comes in again as it is. Numbers and dates stay what they are.
- csv: a cell is what the spreadsheet makes of it. Odoo puts an apostrophe before
  ``=``, ``+`` and ``-``, telephone numbers included, because ``+62-812`` would be
  worked out; here it does so before the other beginnings, too. The apostrophe is part
  of the value for whoever imports the file: take xlsx to bring values back.
"""

from odoo.http import request

from odoo.addons.web.controllers import export

# Beginnings that spreadsheets work out, and Odoo leaves as they are.
BEGINNINGS = ("@", "\t", "\r", "\n")

_write_by_odoo = export.ExportXlsxWriter.write


def _write(self, row, column, cell_value, style=None):
    if isinstance(cell_value, str) and cell_value and "sicantik.config" in request.env:
        self.worksheet.write_string(row, column, cell_value, style)
    else:
        _write_by_odoo(self, row, column, cell_value, style)


# In the writer itself, which is no model and which Odoo makes by its name: a controller
# with a writer of its own would leave out what other addons do with the same lists, and
# their writers. Databases without this addon, in the same server, are as before.
export.ExportXlsxWriter.write = _write


class CSVExport(export.CSVExport):
    def from_data(self, fields, columns_headers, rows):
        safe = [[_harmless(value) for value in row] for row in rows]
        return super().from_data(fields, columns_headers, safe)


def _harmless(value):
    begins = isinstance(value, str) and value.startswith(BEGINNINGS)
    return f"'{value}" if begins else value
