"""The address of SICANTIK: the first thing that people are asked for. Until they give
one, nothing is ordered and nothing called.
"""

from odoo import api, models
from odoo.exceptions import UserError

from ...tools.actions import form_of, notification
from ...tools.constants import MANAGER
from ...tools.rights import nothing_for_none


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    @nothing_for_none
    def set_address(self, url):
        """Give SICANTIK its address and order a test of it; managers only.

        Answers like the button *Test Connection*; ValidationError when the address
        cannot be one.
        """
        self.ensure_one()
        self.api_url = url
        return self.action_test_connection()

    def _require_address(self):
        """UserError with what to do while there is no address."""
        self.ensure_one()
        if not self.api_url:
            raise UserError(self._address_missing())

    def _lead_to_address(self):
        """The client action of a button while there is no address: it says so and opens
        the form, where managers enter it. Others are told whom to ask; UserError."""
        if not self._enters_address():
            self._require_address()
        return notification(
            self.env._("Address of SICANTIK"),
            self._address_missing(),
            form_of(self),
            warns=True,
        )

    @api.model
    def _enters_address(self):
        """Whether the user may enter the address."""
        return self.env.user.has_group(MANAGER)

    def _address_missing(self):
        """What is missing, and what the user can do."""
        return f"{self._address_message()} {self._address_remedy()}"

    def _address_message(self):
        return self.env._(
            "“%(config)s” has no address of SICANTIK yet, so nothing is called.",
            config=self.name,
        )

    def _address_remedy(self):
        """What the user can do."""
        if self._enters_address():
            return self.env._(
                "Enter it as Address in the configuration, then press Test Connection."
            )
        return self.env._("Ask a manager of SICANTIK to enter it in the configuration.")
