from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..common import row_of, type_of
from .contact_case import ContactCase


@tagged("post_install", "-at_install", "sicantik")
class TestContactsByHand(ContactCase):
    """What people decide about the contact of a permit stays."""

    def setUp(self):
        super().setUp()
        self.person = self.partner(name="Contoh Pemohon", phone="081234567890")
        self.other = self.partner(name="Istri Pemohon", phone="081355556666")
        self.mine = self.one.with_user(self.operator)

    def test_a_contact_that_a_person_chose_stays(self):
        with Form(self.mine) as form:
            form.partner_id = self.other
        self.assertContact(self.other, "manual")
        self.detail(applicant_phone="081234567890")
        self.assertContact(self.other, "manual")

    def test_a_contact_that_a_person_removed_stays_away(self):
        self.detail(applicant_phone="081234567890")
        self.assertContact(self.person, "phone_name")
        self.mine.action_remove_contact()
        self.detail(applicant_phone="0812 3456 7890")
        self.assertFalse(self.one.partner_id)
        self.assertEqual(self.one.partner_source, "manual")

    def test_a_proposal_accepted_and_one_rejected(self):
        self.detail(applicant_phone="081355556666", whatsapp_number="+6281355556666")
        self.assertProposed(self.other)
        self.mine.action_accept_contact()
        self.assertContact(self.other, "manual")
        self.assertEqual(self.other.whatsapp_number, "+6281355556666")
        with self.assertRaisesRegex(UserError, "No contact is proposed for 503/1"):
            self.mine.action_accept_contact()
        self.one.write({"partner_id": False, "partner_source": False})
        self.detail(applicant_phone="081355556666")
        self.assertProposed(self.other)
        self.mine.action_remove_contact()
        self.detail(applicant_phone="0813 5555 6666")
        self.assertFalse(self.one.proposed_partner_id or self.one.partner_id)

    def test_a_choice_is_tracked_in_the_chatter(self):
        self.mine.partner_id = self.other
        self.env.flush_all()
        self.cr.precommit.run()
        tracked = self.one.message_ids.tracking_value_ids
        self.assertEqual(tracked.field_id.name, "partner_id")

    def test_viewers_decide_nothing(self):
        self.detail(applicant_phone="081355556666")
        permit = self.one.with_user(self.viewer)
        for action in (
            permit.action_accept_contact,
            permit.action_remove_contact,
            permit.action_find_contacts,
        ):
            with self.assertRaises(AccessError):
                action()
        with self.assertRaises(AccessError):
            permit.partner_id = self.other

    def test_a_contact_of_another_company_is_refused(self):
        company = self.env["res.company"].create({"name": "Kantor Lain"})
        stranger = self.partner(name="Orang Lain", company_id=company.id)
        self.operator.company_ids |= company
        with self.assertRaisesRegex(UserError, "belongs to Kantor Lain"):
            self.mine.partner_id = stranger

    def test_a_choice_survives_becoming_part_of_another_permit(self):
        types = [type_of("Izin Hotel"), type_of("Izin Restoran")]
        drafts = [row_of("7", permit_type=permit_type) for permit_type in types]
        self.upsert(self.list_run, *drafts)
        first, second = self.permits.search(
            [("registration_number", "=", "7")], order="id"
        )
        second.with_user(self.operator).partner_id = self.other
        row = row_of("7", "503/7", permit_type=types[0], further_types=types[1:])
        self.upsert(self.list_run, row)
        self.assertFalse(second.exists())
        self.assertEqual(first.partner_id, self.other)
        self.assertEqual(first.partner_source, "manual")

    def test_dates_and_reasons_survive_becoming_part_of_another_permit(self):
        types = [type_of("Izin Hotel"), type_of("Izin Restoran")]
        drafts = [row_of("7", permit_type=permit_type) for permit_type in types]
        self.upsert(self.list_run, *drafts)
        first, second = self.permits.search(
            [("registration_number", "=", "7")], order="id"
        )
        mine = second.with_user(self.operator)
        mine.write({"issue_date": "2025-01-02", "expiry_date": "2031-01-01"})
        mine._cancel("Salah jenis")
        row = row_of("7", "503/7", permit_type=types[0], further_types=types[1:])
        self.upsert(self.list_run, row)
        self.assertEqual(str(first.issue_date), "2025-01-02")
        self.assertEqual(str(first.expiry_date), "2031-01-01")
        self.assertEqual((first.issue_source, first.expiry_source), ("manual",) * 2)
        self.assertEqual(first.status, "active")
        bodies = " ".join(first.message_ids.mapped(lambda m: m.body or ""))
        self.assertIn("Salah jenis", bodies)

    def test_merged_contacts_keep_their_permits(self):
        self.bring(2)[0].partner_id = self.person
        self.one.proposed_partner_id = self.person
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.person | self.other).ids, self.other)
        self.assertFalse(self.person.exists())
        self.assertEqual(self.other.sicantik_permit_count, 1)
        self.assertEqual(self.one.proposed_partner_id, self.other)
        self.assertEqual(self.permits.search_count([]), 3)

    def test_a_deleted_contact_leaves_the_permit(self):
        self.detail(applicant_phone="081234567890")
        self.person.unlink()
        self.assertFalse(self.one.partner_id)
        self.assertTrue(self.one.exists())

    def test_a_deleted_contact_is_no_decision(self):
        """A person chose it; that somebody deleted it says nothing of the permit."""
        self.one.company_npwp = self.NPWP
        self.mine.partner_id = self.other
        self.other.unlink()
        self.assertNobody()
        right = self.partner(name="CV Contoh", vat=self.NPWP)
        self.mine.action_find_contacts()
        self.assertContact(right, "npwp")

    def test_a_removed_contact_stays_away_when_it_is_deleted(self):
        self.mine.partner_id = self.person
        self.mine.action_remove_contact()
        self.person.unlink()
        self.assertEqual(self.one.partner_source, "manual")

    def test_a_chosen_contact_that_is_merged_or_archived_stays(self):
        self.mine.partner_id = self.other
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.person | self.other).ids, self.person)
        self.assertFalse(self.other.exists())
        self.assertContact(self.person, "manual")
        self.person.active = False
        self.detail(applicant_phone="081377778888")
        self.assertContact(self.person, "manual")

    def test_contacts_are_found_for_what_was_there_before(self):
        self.config.partner_policy = "none"
        permits = self.bring(3)
        phones = "081234567890", "081355556666", "081377778888"
        for permit, phone in zip(permits, phones, strict=True):
            self.apply(self.found(permit, applicant_phone=phone))
        with self.assertRaisesRegex(UserError, "switched off"):
            permits.with_user(self.operator).action_find_contacts()
        self.config.partner_policy = "match"
        self.env.invalidate_all()
        action = permits.with_user(self.operator).action_find_contacts()
        self.assertEqual(action["params"]["message"], "1 linked, 1 proposed.")
        self.assertEqual(permits[0].partner_id, self.person)
        self.assertEqual(permits[1].proposed_partner_id, self.other)
        self.assertFalse(permits[2].partner_id)

    def test_the_whatsapp_number_of_a_contact(self):
        self.person.whatsapp_number = "0812 3456 7890"
        self.assertEqual(self.person.whatsapp_number, "+6281234567890")
        for wrong in ("12345", "081234567890/081355556666", "tidak ada"):
            with self.assertRaisesRegex(ValidationError, "example \\+62836"):
                self.person.whatsapp_number = wrong
        self.person.whatsapp_number = False
        self.assertFalse(self.person.whatsapp_number)

    def test_the_contact_s_form_shows_its_permits(self):
        self.mine.partner_id = self.other
        contact = self.other.with_user(self.operator)
        self.assertEqual(contact.sicantik_permit_count, 1)
        action = contact.action_view_sicantik_permits()
        found = self.permits.with_user(self.operator).search(action["domain"])
        self.assertEqual(found, self.one)
        with Form(contact.with_user(self.env.ref("base.user_admin"))) as form:
            self.assertEqual(len(form.sicantik_permit_ids), 1)
        employee = self._user("employee", "base.group_user")
        with self.assertRaises(AccessError):
            contact.with_user(employee).read(["sicantik_permit_ids"])
