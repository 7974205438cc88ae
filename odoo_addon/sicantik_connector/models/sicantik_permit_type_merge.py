"""Double names: people merge permit types, and separate them again.

A merged type stays as an archived record, so that its name and code stay known. It
names the type that remains, which is never a merged one itself: there are no chains.
"""

from odoo import api, models
from odoo.exceptions import UserError

from ..tools.constants import MANAGER
from ..tools.rights import require_group


class SicantikPermitType(models.Model):
    _inherit = "sicantik.permit.type"

    @api.model
    def _aliases_of(self, config):
        """``{name_key of a merged type: {"name", "key"} of the one that remains}``."""
        merged = self.with_context(active_test=False).search_fetch(
            [("config_id", "=", config.id), ("merged_into_id", "!=", False)],
            ["name_key", "merged_into_id"],
        )
        return {
            permit_type.name_key: {
                "name": permit_type.merged_into_id.name,
                "key": permit_type.merged_into_id.name_key,
            }
            for permit_type in merged
        }

    def action_open_merge(self):
        """Open the wizard that merges these types; managers only."""
        self._require_manager()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge Permit Types"),
            "res_model": "sicantik.permit.type.merge",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_type_ids": self.ids},
        }

    def action_separate(self):
        """Let these merged types be types of their own again; managers only.

        Their permits stay where they are until the list of SICANTIK is next read
        completely: only SICANTIK knows which permits have which name.
        """
        self._require_manager()
        # sudo: people write no types; the group was checked above
        merged = self.sudo().filtered("merged_into_id")
        merged.config_id._begin_new_names()
        # Without a hash the next list of types brings what was missed meanwhile.
        merged.write({"merged_into_id": False, "active": True, "hash": False})
        return True

    def _merge_into(self, remaining):
        """Make these types old names of ``remaining``; their permits get it.

        Returns the number of those permits. AccessError, UserError.
        """
        self._require_manager()
        remaining._require_manager()
        # Types and permits are written by methods only; the group was checked above.
        remaining, merged = remaining._worker_env(), self._worker_env() - remaining
        merged |= merged.alias_ids
        remaining._check_remains(merged)
        config = remaining.config_id
        config._begin_new_names()
        merged.write({"merged_into_id": remaining.id, "active": False})
        return merged.browse()._gather_permits(config)

    def _check_remains(self, merged):
        """UserError unless ``merged`` can become old names of this type."""
        if not merged:
            raise UserError(self.env._("Choose at least two permit types."))
        if self.merged_into_id:
            raise UserError(
                self.env._(
                    "“%(name)s” is an old name of “%(remaining)s” itself. Choose "
                    "“%(remaining)s” as the type that remains.",
                    name=self.name,
                    remaining=self.merged_into_id.name,
                )
            )
        if (merged | self).mapped("config_id") != self.config_id:
            raise UserError(
                self.env._(
                    "These permit types belong to several configurations. Merge those "
                    "of one configuration at a time."
                )
            )

    def _worker_env(self):
        """These types where the worker's methods work: with archived types, and
        without mail's own notes. See ``sicantik.config._worker_env``."""
        env = self.env["sicantik.config"]._worker_env().env
        return self.with_env(env)

    def _require_manager(self):
        """AccessError unless the user is a manager who may see these types."""
        require_group(
            self,
            MANAGER,
            self.env._(
                "Only members of the group SICANTIK / Manager may merge permit "
                "types. Ask an administrator for it."
            ),
        )


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    def _begin_new_names(self):
        """Before names of types change: runs that read them begin again with the new
        names, and other transactions on them are repeated."""
        self._lock()
        for config in self:
            config._announce()
            config.env["sicantik.sync.run"]._restart_readers(config)
