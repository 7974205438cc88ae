"""An office whose people are told of documents, by pigeon where they have a loft."""

from datetime import datetime, timedelta

from odoo.addons.sicantik_notice.tests.notice.notice_case import NoticeCase

KIND = "parcel_waiting"
SENT_AT = datetime(2026, 3, 10, 3, 0)


class PigeonCase(NoticeCase):
    def setUp(self):
        super().setUp()
        self.config.notice_steps = ""  # nothing but what a test tells
        self.document = self.env["test.sicantik.document"].create({"name": "Surat 7"})
        (self.operator | self.viewer).email = False
        self.official = self.partner("pejabat@contoh.test", name="Pejabat Contoh")

    def tell(self, *people, event="2026-03-10", **values):
        """What ``_tell_people`` answers, told to each of ``people`` by one call."""
        told = self.notices
        for person in people:
            told |= self.notices._tell_people(
                self.config, KIND, event, person, **values
            )
        return told

    def by_pigeon(self):
        """A notice to the official that a pigeon carries, and the pigeon."""
        self.official.pigeon_loft = "tower"
        notice = self.tell(self.official, about=self.document)
        self.send()
        self.assertEqual((notice.state, notice.channel), ("sent", "pigeon"))
        return notice, self.pigeons(notice)

    def pigeons(self, notice):
        pigeons = self.env["test.sicantik.pigeon"]
        return pigeons.search([("notice_id", "=", notice.id)], order="id")

    def minute(self, number):
        """So many minutes after the hand-over."""
        return SENT_AT + timedelta(minutes=number)

    def again(self, notice):
        notice.with_user(self.operator).action_send_again()
