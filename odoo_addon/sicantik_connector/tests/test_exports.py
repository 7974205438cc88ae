import csv
import io
import json

from openpyxl import load_workbook

from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.web.controllers import export

from .common import GROUP

PHONE = "+62 812-0000-0000"
# Beginnings that make a formula, or a link, of a text.
TEXTS = [
    '=HYPERLINK("http://contoh.test","klik")',
    "=1+1",
    "{=1+1}",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "http://contoh.test",
    PHONE,
    "Contoh Pemohon",
]
LINES = {
    "sicantik.permit": [
        "applicant_name",
        "applicant_phone",
        "permit_type_id/name",
        "partner_id/name",
        "applicant_ids/name",
    ],
    "sicantik.permit.applicant": ["name"],
    "sicantik.permit.type": ["name"],
    "sicantik.sync.issue": ["key", "permit_id/applicant_name"],
    "sicantik.sync.run": ["error_message"],
    "res.partner": ["name", "phone", "sicantik_permit_ids/applicant_name"],
}


def _marked(writer, marks):
    """Another addon's writer: one head more; ``marks`` gets the name of who wrote."""

    class Marked(writer):
        def write_header(self):
            self.write(0, len(self.columns_headers), "=MARK()")
            marks.add(writer.__name__)
            return super().write_header()

    return Marked


@tagged("post_install", "-at_install", "sicantik")
class TestExports(HttpCase):
    """No text that came from outside works in the spreadsheet of who exports it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        config = cls.env["sicantik.config"].create(
            {
                "name": "Kantor Contoh",
                "api_url": "https://contoh.test/api",
                "active": False,
            }
        )
        own = {"config_id": config.id, "company_id": config.company_id.id}
        run = cls.env["sicantik.sync.run"].create({**own, "kind": "types"})
        cls.records = {model: cls.env[model] for model in LINES}
        for text in TEXTS:
            cls.make(own, run, text)
        groups = f"{GROUP}viewer,base.group_allow_export,base.group_user"
        cls.user = new_test_user(cls.env, "sicantik.test.exporter", groups)

    @classmethod
    def make(cls, own, run, text):
        """One record of each model, whose texts are all ``text``."""

        def add(model, **values):
            record = cls.env[model].create(values)
            cls.records[model] |= record
            return record

        partner = add("res.partner", name=text, phone=text)
        kind = add("sicantik.permit.type", **own, name=text, name_key=text)
        permit = add(
            "sicantik.permit",
            **own,
            identity=f"N\x1f{text}\x1f{text}",
            registration_number=text,
            permit_number=text,
            applicant_name=text,
            applicant_phone=text,
            district=text,
            status="active",
            permit_type_id=kind.id,
            partner_id=partner.id,
        )
        add(
            "sicantik.permit.applicant",
            permit_id=permit.id,
            name=text,
            name_key=text,
        )
        issue = {**own, "run_id": run.id, "key": text, "code": "data"}
        add("sicantik.sync.issue", **issue, permit_id=permit.id)
        failed = {"state": "failed", "error_code": "x", "error_message": text}
        add("sicantik.sync.run", **own, kind="types", **failed)

    def fetch(self, path, data):
        """The file that the page of the server gives for ``data``."""
        self.authenticate(self.user.login, self.user.login)
        values = {"data": json.dumps(data), "csrf_token": Request.csrf_token(self)}
        response = self.url_open(path, data=values)
        self.assertEqual(response.status_code, 200, response.text[:500])
        return response.content

    def export(self, kind, model, **changes):
        fields = [
            {"name": name, "label": name, "type": "char"} for name in LINES[model]
        ]
        data = {
            "model": model,
            "fields": fields,
            "ids": self.records[model].ids,
            "domain": [],
            "import_compat": False,
            "context": {},
            "groupby": [],
            **changes,
        }
        return self.fetch(f"/web/export/{kind}", data)

    def cells(self, content):
        """The texts of a workbook by rows, without its head; all of them are texts."""
        sheet = load_workbook(io.BytesIO(content)).active
        for row in sheet.iter_rows():
            for cell in row:
                told = (cell.coordinate, cell.value)
                self.assertIn(cell.data_type, ("s", "n"), told)
                self.assertIsInstance(cell.value, str | None, told)
                self.assertIsNone(cell.hyperlink, told)
        return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]

    def test_a_workbook_holds_every_text_as_it_is(self):
        # Odoo itself writes a space for a carriage return.
        kept = sorted(text.replace("\r", " ") for text in TEXTS)
        for model, names in LINES.items():
            for compat in (False, True):
                changes = {"import_compat": compat}
                rows = self.cells(self.export("xlsx", model, **changes))
                for number, name in enumerate(names):
                    column = sorted(row[number] for row in rows)
                    self.assertEqual(column, kept, (model, name))

    def test_another_addon_s_way_of_writing_a_workbook_stays(self):
        """Its heads and its writer, in a plain list and in a grouped one."""
        marks = set()

        def from_data(controller, fields, headers, rows):
            marked = _marked(export.ExportXlsxWriter, marks)
            with marked(fields, headers, len(rows)) as writer:
                for number, row in enumerate(rows, 1):
                    writer.write_cell(number, 0, row[0])
            return writer.value

        def from_group_data(controller, fields, headers, groups):
            marked = _marked(export.GroupExportXlsxWriter, marks)
            with marked(fields, headers, groups.count) as writer:
                for name, group in groups.children.items():
                    writer.write_group(1, 0, name, group)
            return writer.value

        self.patch(export.ExcelExport, "from_data", from_data)
        self.patch(export.ExcelExport, "from_group_data", from_group_data)
        for groups in ([], ["permit_type_id"]):
            changes = {"groupby": groups}
            self.cells(self.export("xlsx", "sicantik.permit", **changes))
        self.assertEqual(marks, {"ExportXlsxWriter", "GroupExportXlsxWriter"})

    def test_a_grouped_workbook_heads_its_groups_with_texts(self):
        for groups in (["permit_type_id"], ["district"], ["district", "partner_id"]):
            changes = {"groupby": groups}
            rows = self.cells(self.export("xlsx", "sicantik.permit", **changes))
            heads = {row[0] for row in rows if row[0].endswith(" (1)")}
            # A carriage return stands in the file as a code.
            for text in (text for text in TEXTS if "\r" not in text):
                self.assertIn(f"{text} (1)", heads, groups)

    def test_a_text_file_has_an_apostrophe_before_what_would_be_worked_out(self):
        for model, names in LINES.items():
            content = self.export("csv", model).decode()
            rows = list(csv.reader(io.StringIO(content, newline="")))[1:]
            for number, name in enumerate(names):
                column = [row[number] for row in rows]
                self.assertEqual(len(column), len(TEXTS), (model, name))
                live = [text for text in column if text[0] in "=+-@\t\r\n"]
                self.assertFalse(live, (model, name))
                self.assertIn(f"'{PHONE}", column, (model, name))
                self.assertIn("Contoh Pemohon", column, (model, name))

    def test_a_pivot_table_s_heads_are_texts(self):
        heads = [{"title": text, "width": 1, "height": 1} for text in TEXTS]
        named = [{"title": text, "is_bold": False} for text in TEXTS]
        rows = [
            {"title": text, "indent": n % 2, "values": [{"value": text}]}
            for n, text in enumerate(TEXTS)
        ]
        content = self.fetch(
            "/web/pivot/export_xlsx",
            {
                "title": "Permits",
                "model": "sicantik.permit",
                "measure_count": 1,
                "origin_count": 1,
                "col_group_headers": [heads],
                "measure_headers": named,
                "origin_headers": named,
                "rows": rows,
            },
        )
        found = {value for row in self.cells(content) for value in row}
        self.assertIn("'=1+1", found)
        self.assertIn(PHONE, found)
