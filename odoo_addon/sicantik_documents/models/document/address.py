"""The public address of a document: who knows it gets the document, without signing in,
while the office hands that out. It ends in a token that nobody can guess.

Nobody reads the token; operators get the whole address by a button. The worker knows a
token by its SHA-256 alone, and asks at each request what may be given.
"""

import hashlib
import re
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS

from odoo.addons.sicantik_connector.tools.rights import nothing_for_none

from ...tools.names import file_name
from ...tools.rights import require_operator

TOKEN_BYTES = 32
PATH = "/documents/"
# What is handed out by the counter alone, as the worker's pages say.
ENDED = ("cancelled", "expired", "renewed")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def digest_of(token):
    """By which the worker names a token."""
    return hashlib.sha256(token.encode()).hexdigest()


class SicantikDocument(models.Model):
    _inherit = "sicantik.document"

    public_token = fields.Char("Token of the Address", groups=NO_ACCESS, copy=False)
    public_token_sha256 = fields.Char(
        "Hash of the Token", groups=NO_ACCESS, copy=False, index="btree_not_null"
    )
    is_address_taken_back = fields.Boolean(
        "Public Address Taken Back", readonly=True, copy=False
    )
    has_address = fields.Boolean(
        compute="_compute_has_address",
        compute_sudo=True,
        help="Whether it has an address, also one that gives nothing now.",
    )
    publication = fields.Selection(
        [
            ("published", "Published"),
            ("no_worker", "Worker Without Public Address"),
            ("no_address", "No Address"),
            ("staff", "For the Office Alone"),
            ("none", "Not Published"),
        ],
        "Public Address",
        compute="_compute_publication",
        compute_sudo=True,
        help="Whether the applicant can open the document in the internet.",
    )

    @api.depends("public_token")
    def _compute_has_address(self):
        for document in self:
            document.has_address = bool(document.public_token)

    @api.depends(
        "state",
        "public_token",
        "version_ids.stage",
        "permit_id.status",
        "permit_id.expiry_date",
        "permit_id.permit_type_id.publish_documents",
        "config_id.worker_public_address",
    )
    def _compute_publication(self):
        """How it stands with the address, which nobody reads."""
        for document in self:
            if not document.permit_type_id.publish_documents:
                document.publication = "none"
            elif document._handed_out_state() != "ready":
                document.publication = "staff"
            elif not document.public_token:
                document.publication = "no_address"
            else:
                has_address = document._public_address()
                document.publication = "published" if has_address else "no_worker"

    @api.model
    def _is_signed_here(self, permit_type):
        """Whether the office signs documents of permits of ``permit_type`` itself, so
        that only a signed version is handed out. An addon that signs extends it."""
        return False

    def _handed_out_version(self):
        """The newest version that the office hands out; none while there is none. Never
        an original that waits for a signature."""
        self.ensure_one()
        stages = {"signed"}
        if not self._is_signed_here(self.permit_type_id):
            stages.add("original")
        versions = self.version_ids if self.state == "ready" else self.version_ids[:0]
        good = versions.filtered(lambda version: version.stage in stages)
        return good.sorted("number", reverse=True)[:1]

    def _for_applicants(self):
        """Those of these that the applicant may have, at the counter or by an address;
        call with sudo."""
        return self.filtered(
            lambda document: document._handed_out_version() and not document._ended()
        )

    def _ended(self):
        """How its permit has ended, by the office's today; nothing while it is valid.
        Call with sudo."""
        permit = self.permit_id
        statuses = (permit.status, permit._status_today())
        return next((status for status in statuses if status in ENDED), None)

    def _handed_out_state(self):
        """``ready``, or why its address gives nothing; call with sudo."""
        if self.state != "ready":
            return self.state
        if ended := self._ended():
            return ended
        if not self.permit_type_id.publish_documents:
            return "unpublished"
        return "ready" if self._handed_out_version() else "unsigned"

    @api.model
    def handed_out(self, token_sha256):
        """For the worker: what may be given to who has the token of this hash.

        ``{}``: there is no such address, or none any more. Else ``{"state"}``, and with
        ``ready`` ``{"version", "name", "size", "sha256"}``; with any other state the
        office's staff alone have it. Changes nothing.
        """
        self.env["sicantik.config"]._require_worker()
        if not (isinstance(token_sha256, str) and _SHA256.fullmatch(token_sha256)):
            return {}
        # sudo: the worker's user sees no documents
        document = self.sudo().search(
            [("public_token_sha256", "=", token_sha256)], limit=1
        )
        if not document:
            return {}
        state = document._handed_out_state()
        if state != "ready":
            return {"state": state}
        version = document._handed_out_version()
        return {
            "state": state,
            "version": version.uuid,
            "name": file_name(f"{document.number}-{version.number}"),
            "size": version.size,
            "sha256": version.sha256,
        }

    def _public_address(self):
        """How the internet reaches it, or ``False``; call with sudo."""
        base = self.config_id.worker_public_address
        if not (base and self.public_token):
            return False
        return f"{base.rstrip('/')}{PATH}{self.public_token}"

    def _give_address(self):
        """A new address; the one before, if any, is dead. Call with sudo."""
        for document in self:
            token = secrets.token_urlsafe(TOKEN_BYTES)
            document.write(
                {
                    "public_token": token,
                    "public_token_sha256": digest_of(token),
                    "is_address_taken_back": False,
                }
            )

    def _forget_address(self):
        """The addresses are dead for good, and no other one comes by itself; returns
        those that had one. Call with sudo."""
        had = self.filtered("public_token")
        had.write(
            {
                "public_token": False,
                "public_token_sha256": False,
                "is_address_taken_back": True,
            }
        )
        return had

    def write(self, vals):
        """What is ready is told and has an address; what is not any more is not told to
        who does not know yet."""
        result = super().write(vals)
        if "state" in vals:
            # sudo: nobody may write a token, or the state by hand
            self.sudo()._after_state(vals["state"])
        return result

    def _after_state(self, state):
        if state != "ready":
            self.permit_id._take_ready_back()
            return
        for document in self:
            if not (document.public_token or document.is_address_taken_back):
                document._give_address()
        self.permit_id._tell_ready()

    @nothing_for_none
    def action_public_address(self):
        """Copy the public address and say it; operators only."""
        require_operator(self)
        self.ensure_one()
        # sudo: nobody reads a token, operators get the address
        address = self.sudo()._public_address()
        if self.publication != "published":
            raise UserError(
                self.env._(
                    "“%(document)s” has no public address now.", document=self.name
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "sicantik_documents.public_address",
            "params": {"url": address},
        }

    @nothing_for_none
    def action_take_back_address(self):
        """The address is dead for good; operators only."""
        require_operator(self)
        # sudo: nobody may write a token; the group was checked
        for document in self.sudo()._forget_address():
            document._message_log(body=self.env._("The public address was taken back."))
        return True

    @nothing_for_none
    def action_new_address(self):
        """Another address; operators only."""
        require_operator(self)
        for document in self:
            document._require_state("ready")
        # sudo: nobody may write a token; the group was checked
        for document in self.sudo():
            document._give_address()
            document._message_log(
                body=self.env._(
                    "A new public address was made; an earlier one is dead."
                )
            )
        return True
