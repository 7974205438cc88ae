"""A message is made in the transaction of what it tells of, and the worker is woken
after the commit. Its key is its content: what a restored Odoo makes again has the same.
"""

from hashlib import sha256

from odoo import api, models

# What stands between the parts of a key, and in none of them.
SEPARATOR = "\x1f"


def key_of(*content):
    """64 hex digits, so that a key tells nobody's number: the worker keeps keys for
    longer than numbers are kept."""
    text = SEPARATOR.join(str(part or "") for part in content)
    return sha256(text.encode()).hexdigest()


class SicantikWhatsappMessage(models.Model):
    _inherit = "sicantik.whatsapp.message"

    @api.model
    def _make(self, account, text, number, values, content, resends=0, **more):
        """Queue ``text`` with ``values`` to ``number``, by ``account`` first; call with
        sudo. ``more``: further fields, as ``button`` and ``header``.

        ``content`` is what makes two messages the same, in its order: no id of a
        record, nothing random. ``resends`` is how often a person had that sent again:
        what Odoo hands over anew by itself is the same message.
        """
        content = key_of(*content)
        message = self.create(
            {
                "config_id": account.config_id.id,
                "company_id": account.company_id.id,
                "account_id": account.id,
                "text_id": text.id,
                "text_name": text._registration(account.provider).name or "",
                "body": text.body,
                "language": text.language,
                "parameters": values,
                "may_be_empty": text._empty_places(),
                "variables": len(text._names()),
                "number": number,
                "content": content,
                "key": key_of(content, 1 + resends),
                **more,
            }
        )
        message._wake()
        return message

    @api.model
    def _is_taken(self, content):
        """Whether there is a message of this content that may have gone out, or may
        still do so. What was stopped or came too late did not: the worker takes the
        same key anew."""
        same = [("content", "=", key_of(*content))]
        open_to_others = ("state", "not in", ("cancelled", "expired"))
        return bool(self.search_count([*same, open_to_others], limit=1))

    def _wake(self):
        """Have the worker look for messages, once a transaction."""
        done = self.env.cr.postcommit.data.setdefault("sicantik_whatsapp_woken", set())
        for message in self:
            if message.config_id.id not in done:
                done.add(message.config_id.id)
                message.config_id._wake_worker(message.uuid)
