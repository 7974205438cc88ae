from odoo.tests import TransactionCase, tagged

from ..models.sync_run.issue import REASONS
from ..wording import (
    error_detail,
    error_sentence,
    flags_in_words,
    issue_sentence,
    remark_sentence,
)
from ..wording.calls import call_error_labels
from ..wording.errors import errors

# Every remark of the worker (src/sync, src/sicantik) with the figures in it.
REMARKS = {
    "list_answers": {"format": "XML", "ms": "12"},
    "list_has_expiry": {},
    "list_lacks_expiry": {},
    "type_count": {"count": "90"},
    "type_count_unknown": {},
    "pages_cut": {"rows": "500"},
    "list_rows": {"rows": "321"},
    "pages_whole": {"rows": "500"},
    "page_fails": {"rows": "500", "reason": "status 502"},
    "form_path": {},
    "form_query": {},
    "form_simple": {},
    "zero_refused": {},
    "unencrypted": {},
    "redirected": {},
    "odd_values": {"rows": "10", "count": "2", "kind": "date_unreadable"},
    "detail_not_asked": {},
    "detail_dated": {"ms": "140"},
    "detail_undated": {"ms": "140"},
    "detail_no_data": {"ms": "140"},
    "detail_fails": {"reason": "status 502"},
    "missing": {"count": "3"},
    "equal": {"listed": "800"},
    "different": {
        "listed": "800",
        "only_in_sicantik": "1",
        "only_in_odoo": "2",
        "differing": "3",
        "unreadable": "4",
    },
}


@tagged("post_install", "-at_install", "sicantik")
class TestWording(TransactionCase):
    def test_each_error_is_a_sentence_and_the_worker_s_words_stand_apart(self):
        for code in errors(self.env):
            text = error_sentence(self.env, code, False)
            self.assertRegex(text, r"^[A-Z].*\.$", code)
            if code == "lost":
                # Odoo's own sentence, which says more.
                text, detail = "why", ""
            else:
                detail = "why"
            self.assertEqual(error_sentence(self.env, code, "why"), text)
            self.assertEqual(error_detail(self.env, code, "why"), detail)

    def test_each_reason_of_a_failed_call_is_explained(self):
        unexplained = set(call_error_labels(self.env)) - set(errors(self.env))
        self.assertFalse(unexplained)

    def test_what_is_not_known_is_shown_as_it_is(self):
        self.assertEqual(error_sentence(self.env, False, False), "")
        self.assertEqual(issue_sentence(self.env, "new_code", "why", None), "why")
        remark = {"code": "new_code", "message": "As it is."}
        self.assertEqual(remark_sentence(self.env, remark), "As it is.")
        self.assertEqual(flags_in_words(self.env, "new_flag"), "new_flag")

    def test_an_error_that_is_not_known_puts_no_english_into_another_sentence(self):
        for message in ("why", False):
            said = error_sentence(self.env, "new_code", message)
            self.assertIn("(new_code)", said)
            self.assertNotIn("why", said)
        self.assertIn("(?)", error_sentence(self.env, False, "why"))
        self.assertEqual(error_detail(self.env, "new_code", "why"), "why")

    def test_a_remark_says_what_sicantik_answered_and_not_the_worker_s_words(self):
        for code in ("page_fails", "detail_fails"):
            for reason, words in (
                ("SICANTIK did not answer list: status 502 Bad Gateway", "error 502."),
                ("connection reset by peer", "no usable answer."),
            ):
                remark = {"code": code, "values": {"rows": "500", "reason": reason}}
                said = remark_sentence(self.env, remark)
                self.assertTrue(said.endswith(words), said)
                self.assertNotIn("Gateway", said)
                self.assertNotIn("peer", said)

    def test_each_remark_is_a_sentence_with_its_figures(self):
        for code, values in REMARKS.items():
            remark = {"code": code, "values": values, "message": "not this"}
            text = remark_sentence(self.env, remark)
            self.assertRegex(text, r"^\S.*\.$", code)
            self.assertNotIn("not this", text)
            for name, value in values.items():
                if name not in ("kind", "reason"):
                    self.assertIn(value, text, code)
        odd = {"code": "odd_values", "values": REMARKS["odd_values"], "message": ""}
        self.assertIn(
            "a date cannot be read, or is a range: 2", remark_sentence(self.env, odd)
        )

    def test_a_difference_names_the_field_and_both_sides(self):
        values = {"field": "expiry_date", "odoo": "2027-01-31"}
        text = issue_sentence(self.env, "differs", "not this", values)
        self.assertEqual(text, "Expiry date: SICANTIK –, Odoo 2027-01-31.")
        text = issue_sentence(self.env, "bad_row", "not this", {"row": "17"})
        self.assertIn("row 17", text)
        text = issue_sentence(self.env, "only_in_odoo", "not this", {"type": "IZIN A"})
        self.assertIn("(IZIN A)", text)

    def test_the_reader_s_language_counts(self):
        self.env["res.lang"]._activate_lang("id_ID")
        self.env["ir.module.module"].search(
            [("name", "=", "sicantik_connector")]
        )._update_translations(["id_ID"])
        indonesian = self.env(context=dict(self.env.context, lang="id_ID"))
        sentences = list(errors(indonesian).values())
        sentences += [
            remark_sentence(indonesian, {"code": code, "values": values})
            for code, values in REMARKS.items()
        ]
        english = list(errors(self.env).values())
        english += [
            remark_sentence(self.env, {"code": code, "values": values})
            for code, values in REMARKS.items()
        ]
        for said, meant in zip(sentences, english, strict=True):
            self.assertNotEqual(said, meant)

    def test_an_issue_has_a_reason_to_be_grouped_by(self):
        run = self.env["sicantik.sync.run"].create(
            {
                "config_id": self.env["sicantik.config"].search([], limit=1).id,
                "company_id": self.env.company.id,
                "kind": "permits",
            }
        )
        run._add_issues(
            [
                {"key": "1", "code": "bad_row", "values": {"row": "9"}},
                {"key": "2", "code": "new_code", "message": "As it is."},
            ]
        )
        newest, oldest = run.issue_ids.sorted("key", reverse=True)
        self.assertEqual([oldest.reason, newest.reason], ["bad_row", "other"])
        self.assertIn("row 9", oldest.sentence)
        self.assertEqual(newest.sentence, "As it is.")
        self.assertEqual(len(REASONS), len(dict(REASONS)))
