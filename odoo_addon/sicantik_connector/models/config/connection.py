"""Whether SICANTIK answers, as every run that ends says it, and when it last did."""

from datetime import timedelta

from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.tools.misc import babel_locale_parse

from ...wording import error_detail, error_sentence, is_of_source


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    connection_reached = fields.Datetime(
        "Last Reached",
        readonly=True,
        copy=False,
        help="When SICANTIK last answered a run.",
    )
    connection_error = fields.Json("Why Not Reached", readonly=True, copy=False)
    reached_text = fields.Char("Reached", compute="_compute_reached_text")
    last_error = fields.Text(compute="_compute_last_error")
    last_error_detail = fields.Text("Technical Details", compute="_compute_last_error")

    @api.depends("connection_reached")
    @api.depends_context("lang")
    def _compute_reached_text(self):
        """How long ago SICANTIK last answered, in words; empty when it never did."""
        now = fields.Datetime.now()
        locale = babel_locale_parse(self.env.lang or "en_US")
        for config in self:
            if not config.connection_reached:
                config.reached_text = False
                continue
            # Less than a second is no past to babel.
            past = min(config.connection_reached - now, timedelta(seconds=-1))
            ago = format_timedelta(past, add_direction=True, locale=locale, threshold=1)
            config.reached_text = self.env._("Last reached %(ago)s.", ago=ago)

    @api.depends("connection_error")
    @api.depends_context("lang")
    def _compute_last_error(self):
        """Why SICANTIK did not answer last, for the officer and for the technician."""
        for config in self:
            error = config.connection_error or {}
            said = (self.env, error.get("code"), error.get("message"))
            config.last_error = error_sentence(*said)
            config.last_error_detail = error_detail(*said)

    def _failed_test(self):
        """Why the last connection test failed; empty when it did not, or when SICANTIK
        has answered since."""
        probe = self.probe or {}
        return error_sentence(
            self.env, probe.get("error_code"), probe.get("error_message")
        )

    def _note_reached(self):
        """SICANTIK answered: an earlier test that failed says nothing any more."""
        now = fields.Datetime.now()
        overtaken = self.filtered(lambda config: not (config.probe or {}).get("ok"))
        overtaken.write({"probe": False})
        self.write(
            {
                "connection_status": "connected",
                "connection_checked": now,
                "connection_reached": now,
                "connection_error": False,
            }
        )

    def _note_not_reached(self, code, message):
        """SICANTIK did not answer, or cannot be asked."""
        self.write(
            {
                "connection_status": "error",
                "connection_checked": fields.Datetime.now(),
                "connection_error": {"code": code, "message": message},
            }
        )

    def _note_end_of(self, run, read, waited):
        """What the end of ``run`` says of the connection: that SICANTIK does not answer
        (by the run's error, or by what it ``waited`` for when it was stopped), that it
        does, or nothing, when nothing was asked. ``read``: the kinds that it has read.
        """
        self.ensure_one()
        waited = waited or {}
        if is_of_source(self.env, run.error_code):
            self._note_not_reached(run.error_code, run.error_message)
        elif is_of_source(self.env, waited.get("code")):
            self._note_not_reached(waited["code"], waited.get("message"))
        elif run._was_answered() or {"types", "permits"} & set(read or ()):
            self._note_reached()

    def _forget_source(self):
        """Another SICANTIK may answer, or not."""
        self.write({"connection_reached": False, "connection_error": False})
        return super()._forget_source()
