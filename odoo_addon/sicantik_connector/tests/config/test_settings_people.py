from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import SicantikCase

HERE, ELSEWHERE = "http://127.0.0.1:8075", "http://10.0.0.7:8075"


@tagged("post_install", "-at_install", "sicantik")
class TestSettingsPeople(SicantikCase):
    """Who may say where the worker is, and that the chatter says who set what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._user("admin", "base.group_system")
        cls.config.write({"worker_hook_key": "k", "worker_url": HERE})

    def test_only_administrators_say_where_the_worker_is(self):
        for user in (self.viewer, self.operator, self.manager):
            with self.assertRaises(AccessError, msg=user.login):
                self.config.with_user(user).worker_url = ELSEWHERE
        self.config.with_user(self.admin).worker_url = ELSEWHERE
        self.assertEqual(self.config.worker_url, ELSEWHERE)

    def test_a_manager_s_new_configuration_goes_to_the_worker_that_there_is(self):
        configs = self.config.with_user(self.manager)
        values = {"name": "Baru", "api_url": "https://baru.test", "active": False}
        with self.assertRaises(AccessError):
            configs.create({**values, "worker_url": ELSEWHERE})
        self.env["ir.default"].set(
            "sicantik.config", "worker_url", ELSEWHERE, user_id=self.manager.id
        )
        self.assertEqual(configs.create(values).worker_url, HERE)
        self.assertEqual(configs.copy({"active": False}).worker_url, HERE)
        everywhere = self.config.with_context(active_test=False).search([])
        everywhere.write({"worker_url": False})
        self.assertFalse(configs.create(values).worker_url)

    def test_only_administrators_see_the_address_on_the_page(self):
        view = self.env.ref("sicantik_connector.sicantik_config_view_form")
        for user, shown in ((self.manager, False), (self.admin, True)):
            arch = self.config.with_user(user).get_view(view.id, "form")["arch"]
            found = etree.fromstring(arch).xpath("//field[@name='worker_url']")
            self.assertEqual(bool(found), shown, user.login)

    def test_the_chatter_says_who_changed_what(self):
        for user, name, value in (
            (self.admin, "worker_url", ELSEWHERE),
            (self.manager, "partner_policy", "none"),
        ):
            before = self.tracked()
            self.config.with_user(user).write({name: value})
            [change] = self.tracked() - before
            self.assertEqual(change.field_id.name, name)
            self.assertEqual(change.mail_message_id.author_id, user.partner_id)

    def test_the_chatter_says_that_the_api_key_changed_and_not_how(self):
        config = self.config.with_user(self.manager)
        for key, words in (
            ("kunci-rahasia", "A new API key was set."),
            ("kunci-kedua", "A new API key was set."),
            ("", "The API key was removed."),
        ):
            config.api_key = key
            note = self.config.message_ids[0]
            self.assertIn(words, note.body)
            self.assertEqual(note.author_id, self.manager.partner_id)
        count = len(self.config.message_ids)
        config.api_key = False
        config.page_size = 200
        self.assertEqual(len(self.config.message_ids), count, "nothing changed")
        self.assertNotIn("kunci", " ".join(self.config.message_ids.mapped("body")))

    def tracked(self):
        self.env.flush_all()
        self.cr.precommit.run()
        return self.config.message_ids.tracking_value_ids
