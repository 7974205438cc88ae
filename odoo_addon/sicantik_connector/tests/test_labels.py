"""Labels by which people tell one column, measure, search or group from the next."""

from collections import Counter

from odoo.tests import TransactionCase, tagged

LANGUAGES = ("en_US", "id_ID")
OURS = "sicantik_"


@tagged("post_install", "-at_install", "sicantik")
class TestLabels(TransactionCase):
    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("id_ID")
        ours = [("name", "=like", f"{OURS}%"), ("state", "=", "installed")]
        self.env["ir.module.module"].search(ours)._update_translations(["id_ID"])

    def views(self):
        """Those that our addons make or extend, each once."""
        data = self.env["ir.model.data"].search(
            [("module", "=like", f"{OURS}%"), ("model", "=", "ir.ui.view")]
        )
        views = self.env["ir.ui.view"].browse(data.mapped("res_id"))
        while extensions := views.filtered(lambda view: view.mode == "extension"):
            views = views - extensions | extensions.inherit_id
        return views.filtered("model")

    @staticmethod
    def is_ours(records):
        """What stands in a list of others is theirs."""
        return records._name.startswith("sicantik.")

    def labels(self, records, nodes):
        """What the nodes are called; those that nobody sees are left out."""
        fields = records.fields_get(attributes=["string"])
        return [
            node.get("string") or fields[node.get("name")]["string"]
            for node in nodes
            if node.get("column_invisible") not in ("1", "True")
            and node.get("invisible") not in ("1", "True")
        ]

    def rows(self, records, tree):
        """``(what it is, labels that stand side by side)`` of a view of these."""
        if tree.tag == "search" and self.is_ours(records):
            filters = tree.xpath("//filter")
            groups = [f for f in filters if "group_by" in f.get("context", "")]
            yield "search", self.labels(records, tree.findall("field"))
            yield "groups", self.labels(records, groups)
            others = [f for f in filters if f not in groups]
            yield "filters", self.labels(records, others)
        if tree.tag in ("list", "pivot") and self.is_ours(records):
            yield tree.tag, self.labels(records, tree.findall("field"))
        for lines in tree.xpath("//field[list]"):
            path = [lines, *lines.iterancestors("field")]
            of = records
            for field in reversed(path):
                of = of[field.get("name")]
            if self.is_ours(of):
                columns = lines.find("list").findall("field")
                yield f"list of {lines.get('name')}", self.labels(of, columns)

    def test_no_two_fields_of_a_view_have_one_label(self):
        found, looked_at = [], 0
        for view in self.views():
            for language in LANGUAGES:
                read = view.with_context(lang=language)
                tree, records = read._get_combined_arch(), read.env[view.model]
                for part, labels in self.rows(records, tree):
                    looked_at += len(labels)
                    found += [
                        f"{view.xml_id} ({language}), {part}: {label}"
                        for label, count in Counter(labels).items()
                        if count > 1
                    ]
        self.assertGreater(looked_at, 500)
        self.assertFalse(found, "\n".join(found))
