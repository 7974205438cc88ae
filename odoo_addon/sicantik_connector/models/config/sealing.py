"""The key that secrets are sealed to: what a person types for the worker is encrypted
in the browser, and Odoo passes on what it cannot read."""

import base64
import binascii
import hashlib

from odoo import api, fields, models

# An uncompressed point on P-256.
POINT_BYTES = 65
UNCOMPRESSED = 4


def point(public_key):
    """The bytes of a public key, or None where it is none."""
    try:
        found = base64.b64decode(public_key or "", validate=True)
    except (binascii.Error, TypeError, ValueError):
        return None
    good = len(found) == POINT_BYTES and found[0] == UNCOMPRESSED
    return found if good else None


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    worker_public_key = fields.Char(readonly=True, copy=False)
    worker_key_fingerprint = fields.Char(
        "Master Key",
        compute="_compute_key_fingerprint",
        help="Fingerprint of the key that seals the secrets in the worker's own "
        "database. Its file is saved apart from that database; without it they are "
        "typed anew.",
    )

    @api.depends("worker_public_key")
    def _compute_key_fingerprint(self):
        """As the worker shows it: the first eight bytes of the SHA-256."""
        for config in self:
            found = point(config.worker_public_key)
            digest = found and hashlib.sha256(found).hexdigest()[:16]
            config.worker_key_fingerprint = digest and "-".join(
                digest[start : start + 4] for start in range(0, len(digest), 4)
            )

    def _note_public_key(self, keys):
        """Note what the worker's secrets are sealed to, where that is another key."""
        public_key = (keys or {}).get("public_key")
        if not point(public_key):
            return
        changed = self.filtered(lambda one: one.worker_public_key != public_key)
        if changed:
            changed._lock()
            changed.write({"worker_public_key": public_key})
