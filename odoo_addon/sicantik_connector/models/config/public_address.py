"""Where the internet reaches the worker: for webhooks and for what citizens open."""

from odoo import fields, models

from ...tools.urls import is_http, private_host, problem_of

LONGEST_ADDRESS = 200


def is_public_address(text):
    """Whether ``text`` can be such an address; without TLS only on this machine."""
    good = isinstance(text, str) and len(text) <= LONGEST_ADDRESS
    return good and not problem_of(text) and (not is_http(text) or private_host(text))


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    worker_public_address = fields.Char(
        "Public Address of the Worker",
        readonly=True,
        copy=False,
        help="How the internet reaches the worker, as its setting public.address "
        "says. Empty: nothing comes in from outside.",
    )

    def _note_public_address(self, keys):
        """Note where the worker is reached; one that does not say changes nothing."""
        address = (keys or {}).get("public_address")
        if address is None or address and not is_public_address(address):
            return
        changed = self.filtered(
            lambda config: (config.worker_public_address or "") != address
        )
        if changed:
            changed._lock()
            changed.write({"worker_public_address": address or False})
