"""Several permits of one number that reach a step on one day."""

from .whatsapp_case import WhatsappCase


class ManyCase(WhatsappCase):
    def setUp(self):
        super().setUp()
        self.config.notice_steps = "90, 60, 30, 7"
        self.holder = self.agreed()
        self.config.company_id.sicantik_contact = "0800 000 0000"

    def held(self, *days, **values):
        values = {"partner_id": self.holder.id, **values}
        permits = [self.permit_with(number, **values) for number in days]
        return self.permits.union(*permits)

    def all_messages(self):
        return self.messages.search([("notice_id", "!=", False)], order="id")

    def summary(self):
        return self.all_messages().filtered("many_notice_ids")

    def summed(self, *days):
        permits = self.held(*days or (7, 30, 60, 61, 89, 90))
        self.run_action()
        return permits, self.summary()
