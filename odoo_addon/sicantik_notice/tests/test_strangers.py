from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.sicantik_connector.tests.common import SicantikCase


@tagged("post_install", "-at_install", "sicantik")
class TestStrangersToNotices(SicantikCase):
    """What somebody without a group of SICANTIK learns by asking Odoo in general."""

    def test_nobody_makes_up_a_record_to_see_what_is_computed_from_it(self):
        mail = self.env["mail.mail"].create({"body_html": "Sandi rahasia"})
        office = self.another_office().company_id
        for model, values, computed in (
            ("sicantik.office", {"company_id": office.id}, "company_name"),
            ("sicantik.notice", {"mail_id": mail.id}, "message"),
        ):
            for group in ("base.group_portal", "base.group_user"):
                user = self._user(f"stranger.{model}.{group}", group)
                records = self.env[model].with_user(user)
                with self.assertRaises(AccessError, msg=(model, group)):
                    records.onchange(values, list(values), {computed: {}})
