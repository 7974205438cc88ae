from odoo.tests import TransactionCase, tagged

from ..models.error_texts import sentence

CODES = (
    "sicantik_unavailable sicantik_wrong_address sicantik_bad_address sicantik_refused "
    "sicantik_empty_list bad_row plain_http host_not_allowed private_address "
    "link_local certificate redirect odoo_unavailable neutralized wrong_database "
    "api_gone lost odoo_neutralized odoo_wrong_database odoo_gone"
).split()


@tagged("post_install", "-at_install", "sicantik")
class TestErrorTexts(TransactionCase):
    def test_each_code_is_a_sentence_with_the_worker_s_words_behind_it(self):
        for code in CODES:
            text = sentence(self.env, code, False)
            self.assertRegex(text, r"^[A-Z].*\.$", code)
            self.assertEqual(sentence(self.env, code, "why"), f"{text} (why)")

    def test_what_is_not_known_is_shown_as_it_is(self):
        self.assertEqual(sentence(self.env, "new_code", "why"), "why")
        self.assertEqual(sentence(self.env, "new_code", False), "new_code")
        self.assertEqual(sentence(self.env, False, False), "")
