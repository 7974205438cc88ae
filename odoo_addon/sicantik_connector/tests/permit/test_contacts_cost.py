from odoo.tests import tagged

from .contact_case import ContactCase


@tagged("post_install", "-at_install", "sicantik")
class TestContactsCost(ContactCase):
    def test_a_batch_costs_the_same_few_statements_whatever_its_size(self):
        numbers = [f"08123456{n:04}" for n in range(60)]
        for number in numbers:
            self.partner(name="Contoh Pemohon", phone=number)
        permits = self.bring(60)

        def count(some):
            rows = [
                self.found(
                    permits[n],
                    applicant_phone=numbers[n],
                    whatsapp_number=f"+62{numbers[n][1:]}",
                )
                for n in some
            ]
            with self.statements() as statements:
                self.apply(*rows)
            return statements

        count(range(5))  # fills Odoo's own caches
        few, many = count(range(5, 10)), count(range(10, 60))
        self.assertEqual(len(permits.partner_id), 60)
        self.assertEqual(len(permits.partner_id.filtered("whatsapp_number")), 60)
        self.assertEqual(len(few), len(many), "\n".join(many))
        reads = [s for s in many if s.startswith("SELECT") and '"res_partner"' in s]
        # the look-up, and three of Odoo's own for the WhatsApp numbers written
        self.assertLessEqual(len(reads), 4, "\n".join(reads))
        self.assertEqual(sum('"sicantik_phone_key" IN' in s for s in reads), 1)
