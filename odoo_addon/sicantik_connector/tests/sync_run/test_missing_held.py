from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...wording import issue_sentence
from ..common import SicantikCase


@tagged("post_install", "-at_install", "sicantik")
class TestMissingHeld(SicantikCase):
    """Too many permits are missing at once: the next reading or a person decides."""

    def hold(self, count=90, digest="90-abc"):
        key = self.start("permits")
        self.finish(key, "partial", unlisted={"count": count, "digest": digest})
        return self.run_of(key)

    def told(self):
        """What the next run is told, without leaving it open."""
        key = self.order("probe")
        [claimed] = self.claim(key)["claimed"]
        self.finish({"uuid": key, "token": claimed["token"]})
        return claimed["settings"]["unlisted"]

    def test_it_is_kept_for_the_next_run_until_a_complete_reading_settles_it(self):
        nothing = {"count": 0, "digest": "", "confirmed": False}
        self.assertEqual(self.told(), nothing)
        self.hold()
        waiting = {"count": 90, "digest": "90-abc", "confirmed": False}
        self.assertEqual(self.told(), waiting)
        self.finish(self.start("permits"))
        self.assertEqual(self.told(), waiting, "a reading of one page says nothing")
        self.finish(self.start("permits"), unlisted={"count": 0, "digest": ""})
        self.assertEqual(self.told(), nothing)

    def test_an_operator_s_word_orders_the_reading_that_marks(self):
        run = self.hold()
        with self.assertRaises(AccessError):
            run.with_user(self.viewer).action_mark_missing()
        self.assertTrue(run.with_user(self.viewer).has_unlisted)
        params = run.with_user(self.operator).action_mark_missing()["params"]
        ordered = run.browse(params["next"]["res_id"])
        self.assertEqual((ordered.kind, ordered.full), ("permits", True))
        [claimed] = self.claim(ordered.uuid)["claimed"]
        self.assertTrue(claimed["settings"]["unlisted"]["confirmed"])
        self.assertFalse(run.has_unlisted, "it is pressed once")
        with self.assertRaises(UserError):
            run.with_user(self.operator).action_mark_missing()

    def test_a_person_s_word_is_about_as_many_permits_and_no_more(self):
        self.hold().with_user(self.operator).action_mark_missing()
        key = {"uuid": self.env["sicantik.sync.run"].search([], limit=1).uuid}
        [claimed] = self.claim(key["uuid"])["claimed"]
        key["token"] = claimed["token"]
        self.finish(key, "partial", unlisted={"count": 91, "digest": "91-abc"})
        self.assertFalse(self.told()["confirmed"])
        self.assertTrue(self.run_of(key).has_unlisted, "it is asked anew")

    def test_only_the_newest_such_run_has_the_button(self):
        first, second = self.hold(), self.hold(digest="other")
        self.assertEqual([first.has_unlisted, second.has_unlisted], [False, True])

    def test_another_sicantik_has_another_list(self):
        run = self.hold()
        config = self.config.with_user(self.manager)
        config.api_url = f"{config.api_url}/"
        self.assertEqual(self.told()["count"], 90, "it is the same address")
        run.with_user(self.operator).action_mark_missing()
        config.api_url = "https://baru.example.test"
        nothing = {"count": 0, "digest": "", "confirmed": False}
        self.assertEqual(self.config._unlisted(), nothing)
        self.assertFalse(self.config.unlisted_run_id)

    def test_of_several_configurations_only_those_that_move_forget(self):
        new = "https://baru.example.test"
        there = self.another_office(api_url=new)
        (self.config + there).sudo().unlisted_count = 90
        (self.config + there).write({"api_url": f"{new}/"})
        self.assertEqual([self.config.api_url, there.api_url], [new, new])
        self.assertEqual([self.config.unlisted_count, there.unlisted_count], [0, 90])

    def test_the_sentence_has_its_figures_and_the_button_s_name(self):
        values = {"count": "90", "listed": "800"}
        text = issue_sentence(self.env, "list_shrank", "not this", values)
        self.assertIn("90 of the 800", text)
        self.assertIn("Mark Missing Permits", text)
