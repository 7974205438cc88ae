"""Contacts that mean one person, and somebody who merges them."""

from .contact_case import ContactCase


class MergeCase(ContactCase):
    def setUp(self):
        super().setUp()
        groups = "base.group_user,base.group_partner_manager"
        self.clerk = self._user("contacts", groups)
        email = {"email": "contoh@example.test"}
        self.kept = self.partner(name="PEMOHON CONTOH", **email)
        self.double = self.partner(name="PEMOHON CONTOH, ALM.", **email)
        self.third = self.partner(name="P. CONTOH", **email)

    def merge(self, *sources):
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.clerk)
        partners = self.kept.union(*sources)
        wizard = wizard.create(
            {
                "state": "selection",
                "partner_ids": partners.ids,
                "dst_partner_id": self.kept.id,
            }
        )
        wizard.action_merge()
        self.env.invalidate_all()
        self.assertFalse(partners.exists() - self.kept)
