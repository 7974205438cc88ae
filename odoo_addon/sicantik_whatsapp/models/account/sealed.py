"""*Enter Keys*: what people type for the worker is sealed in the browser. Odoo keeps
the sealed text, which it cannot open, until the worker has taken it.
"""

import base64
import binascii
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS

from odoo.addons.sicantik_connector.tools.rights import nothing_for_none

from .labels import OF_LINES
from .reported import SECRETS

# Bytes of a secret of an account, of the one-time public key before its sealed text (an
# uncompressed point), and of the tag behind it.
LONGEST_SECRET = 4096
POINT_BYTES = 65
TAG_BYTES = 16
UNCOMPRESSED = 4
ENTERED = [
    ("waiting", "Waits for the Worker"),
    ("refused", "Could Not Be Opened"),
]


def is_sealed(text):
    """Whether ``text`` can be a sealed secret: base64 of that layout and length."""
    if not isinstance(text, str):
        return False
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    spare = len(found) - POINT_BYTES - TAG_BYTES
    good = 1 <= spare <= LONGEST_SECRET and found[0] == UNCOMPRESSED
    return good and base64.b64encode(found).decode() == text


def digest_of(text):
    """How the worker names a sealed text."""
    return hashlib.sha256(text.encode()).hexdigest()


class SicantikWhatsappAccount(models.Model):
    _inherit = "sicantik.whatsapp.account"

    token_sealed = fields.Text(groups=NO_ACCESS, copy=False)
    app_secret_sealed = fields.Text(groups=NO_ACCESS, copy=False)
    token_entered = fields.Selection(
        ENTERED, "Key to Send as Entered", readonly=True, copy=False
    )
    app_secret_entered = fields.Selection(
        ENTERED, "Key of the Webhook as Entered", readonly=True, copy=False
    )

    token_note = fields.Char("About the Key to Send", compute="_compute_notes")
    app_secret_note = fields.Char(
        "About the Key of the Webhook", compute="_compute_notes"
    )

    @api.depends(
        "provider", *(f"{name}_{of}" for name in SECRETS for of in ("entered", "set"))
    )
    @api.depends_context("lang")
    def _compute_notes(self):
        """What is to be known of each secret, under the provider's name for it; empty
        when the worker has it."""
        for account in self:
            for name, label in account._secret_labels():
                account[f"{name}_note"] = account._note_of(name, label)

    def _note_of(self, name, label):
        entered = self[f"{name}_entered"]
        if entered == "waiting":
            return self.env._(
                "%s waits for the worker. Reload the page in a moment.", label
            )
        if entered == "refused":
            return self.env._("%s could not be opened: enter it again.", label)
        if not self[f"{name}_set"]:
            return self.env._("%s is not set.", label)
        return False

    @nothing_for_none
    def action_enter_keys(self):
        """Open the dialog in which keys are typed and sealed; managers only."""
        self.ensure_one()
        self._require_manager()
        config = self.config_id
        return {
            "type": "ir.actions.client",
            "tag": "sicantik_connector.sealing",
            "name": self.env._("Enter Keys"),
            "target": "new",
            "params": {
                "model": self._name,
                "id": self.id,
                "public_key": config.worker_public_key or "",
                "fingerprint": config.worker_key_fingerprint or "",
                "database_uuid": config._database_uuid(),
                "longest": LONGEST_SECRET,
                "secrets": [
                    {
                        "name": name,
                        "label": label,
                        "bound": self._bound_to(name),
                        "lines": (self.provider, name) in OF_LINES,
                    }
                    for name, label in self._secret_labels()
                ],
            },
        }

    @nothing_for_none
    def keep_sealed(self, sealed):
        """Keep ``{name: sealed text}`` until the worker has taken it; managers only.

        Whatever is no sealed text of a known name is refused, so that nobody leaves a
        secret here as it is.
        """
        self.ensure_one()
        self._require_manager("write")
        known = isinstance(sealed, dict) and sealed and sealed.keys() <= set(SECRETS)
        if not known or not all(map(is_sealed, sealed.values())):
            raise UserError(
                self.env._("This is no sealed key. Press Enter Keys and type it there.")
            )
        # sudo: nobody may read or write sealed texts; the group was checked above
        account = self.sudo()
        account._lock()
        for name, text in sealed.items():
            account.write({f"{name}_sealed": text, f"{name}_entered": "waiting"})
        account.config_id._wake_worker(account.uuid)
        return True

    def _worker_values(self):
        kept = {name: self[f"{name}_sealed"] for name in SECRETS}
        sealed = {name: text for name, text in kept.items() if text}
        return {**super()._worker_values(), "sealed": sealed}

    def _reported_values(self, item):
        return {**super()._reported_values(item), **self._answered_values(item)}

    def _answered_values(self, item):
        """What becomes of sealed texts. An answer counts for the very text that it
        names: another one may have been typed since."""
        values, set_on = {}, item.get("secrets") or {}
        for name in SECRETS:
            text, entered = self[f"{name}_sealed"], f"{name}_entered"
            answer = (item.get("sealed") or {}).get(name) or {}
            if text and answer.get("digest") == digest_of(text):
                values[f"{name}_sealed"] = False
                values[entered] = "refused" if answer["state"] == "refused" else False
            elif self[entered] == "refused" and self._is_newer(name, set_on.get(name)):
                values[entered] = False
        return values

    def _is_newer(self, name, told):
        """Whether the secret was set in another way since."""
        known = self[f"{name}_set"]
        return bool(told) and fields.Datetime.to_datetime(told) != known
