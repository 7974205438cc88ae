"""The buttons of a configuration: each makes an order for the worker, or joins one."""

from odoo import models
from odoo.exceptions import UserError

from ...tools.actions import dialog, form_of, notification
from ...tools.constants import OPERATOR, TEST_EXPIRY_LIMIT
from ...tools.rights import nothing_for_none, require_group


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    @nothing_for_none
    def action_test_connection(self):
        """Order a probe of SICANTIK; operators only."""
        return self._order_by_button("probe")

    @nothing_for_none
    def action_sync_now(self):
        """Order a pass over the list of permits; unknown types come with it."""
        return self._order_by_button("permits")

    @nothing_for_none
    def action_sync_types(self):
        """Order the list of permit types; operators only."""
        return self._order_by_button("types")

    @nothing_for_none
    def action_test_expiry_sync(self):
        """Order the expiry dates of ten permits, due or not; operators only."""
        return self._order_by_button("expiry", limit=TEST_EXPIRY_LIMIT, full=True)

    @nothing_for_none
    def action_open_expiry_wizard(self):
        """Open the wizard that orders all expiry dates; operators only."""
        self.ensure_one()
        self._require_operator()
        if not self.api_url:
            return self._lead_to_address()
        return dialog(
            self.env._("Sync All Expiry Dates"),
            "sicantik.expiry.sync",
            {"default_config_id": self.id},
        )

    def _require_operator(self):
        """AccessError unless the user is an operator who may see the configuration."""
        require_group(
            self,
            OPERATOR,
            self.env._(
                "Only members of the group SICANTIK / Operator may order a sync. "
                "Ask an administrator for it."
            ),
        )

    def _order_by_button(self, kind, limit=0, full=False):
        """Make or join a run and answer with a notification that opens it."""
        self.ensure_one()
        self._require_operator()
        self._require_active()
        if not self.api_url:
            return self._lead_to_address()
        # sudo: nobody may write runs directly; the group was checked above
        run, joined = (
            self.env["sicantik.sync.run"]
            .sudo()
            ._order_run(self, kind, limit=limit, full=full, origin="button")
        )
        if joined and not run._covers(limit, full):
            return self._notification_of_less(run)
        return self._notification_of_button(run, joined)

    def _require_active(self):
        """UserError when the configuration is archived."""
        self.ensure_one()
        if not self.active:
            raise UserError(
                self.env._(
                    "“%(config)s” is archived. Unarchive it, then try again.",
                    config=self.name,
                )
            )

    def _notification_of_button(self, run, joined):
        """The client action of a button that ordered ``run`` or found it open."""
        if joined:
            message = self.env._("This sync is already under way and is opened.")
        else:
            message = self.env._("The order was given to the worker.")
        return self._notification_of_order(run, message)

    def _notification_of_less(self, run):
        """The same when the open run does less than was asked for."""
        message = self.env._(
            "A sync of this kind is under way and is opened. It does less than you "
            "asked for, so order again when it has ended."
        )
        action = self._notification_of_order(run, message)
        action["params"].update(type="warning", sticky=True)
        return action

    def _notification_of_order(self, run, message):
        """The client action with ``message``, and a warning with what to do when no
        worker listens; it opens ``run``."""
        remedy = self._worker_remedy(run)
        label = dict(run._fields["kind"]._description_selection(self.env))[run.kind]
        return notification(
            label,
            f"{message} {remedy}" if remedy else message,
            form_of(run),
            warns=bool(remedy),
            sticky=bool(remedy),
        )

    def _worker_remedy(self, run):
        """What to do when no worker listens; empty when one does."""
        if run.state == "claimed" and not run._lease_lives():
            return self.env._(
                "The worker that began it has fallen silent, so it stands still. A "
                "worker takes it up again within a minute; if that does not happen, "
                "start the worker's service."
            )
        if self.worker_state == "never":
            return self.env._(
                "Worker not connected: the run waits. A system administrator connects "
                "one with the button Connect Worker of the configuration; once it is "
                "started, it takes the run by itself."
            )
        if self.api_key_state == "ended":
            return self._key_remedy()
        if self.worker_state == "silent":
            return self.env._(
                "Worker not connected: the run waits. Nothing was heard of it for more "
                "than two minutes; start the worker's service, and it takes the run by "
                "itself."
            )
        return ""

    @nothing_for_none
    def action_compare(self):
        """Order a comparison of every permit with SICANTIK, which changes none;
        operators only."""
        return self._order_by_button("compare")
