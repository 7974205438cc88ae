"""The list of permit types comes in: ``upsert_batch``."""

from odoo import api, models

from ...tools.landing import land
from ...tools.permit_row import RowError, text_of


class SicantikPermitType(models.Model):
    _inherit = "sicantik.permit.type"

    @api.model
    def upsert_batch(self, uuid, token, rows):
        """Create or update permit types; the name decides, the code follows it. What
        people have merged stays as it is.

        ``{"created", "updated", "unchanged", "refused": [{"key": name_key, "code",
        "message"}]}``. UserError with a stale token.
        """
        self.env["sicantik.config"]._require_worker()
        run = self.env["sicantik.sync.run"]._run_of_data(uuid, token, rows)
        return run.env[self._name]._upsert(run, rows)

    @api.model
    def _upsert(self, run, rows):
        config = run.config_id
        counts = dict.fromkeys(("created", "updated", "unchanged"), 0)
        refused, wanted = [], {}
        for row in rows:
            try:
                values = self._values_of(row)
            except (RowError, AttributeError, TypeError) as error:
                key = row.get("name_key") if isinstance(row, dict) else None
                refused.append(
                    {"key": key or "?", "code": "data", "message": str(error)}
                )
                continue
            if values["name_key"] in wanted:
                refused.append(
                    {
                        "key": values["name_key"],
                        "code": "duplicate",
                        "message": self.env._("The name stands twice in the call."),
                    }
                )
            else:
                wanted[values["name_key"]] = values
        stored = self.search([("config_id", "=", config.id)])
        steps = stored._steps_for(wanted)
        counts["unchanged"] = len(wanted) - len(steps)
        if any(not permit_type for permit_type, _values in steps):
            config._announce()
        for (_type, values), (code, message) in land(
            self.env, steps, lambda items: self._apply_steps(config, items)
        ):
            steps.remove((_type, values))
            refused.append(
                {"key": values["name_key"], "code": code, "message": message}
            )
        counts["created"] = sum(1 for permit_type, _v in steps if not permit_type)
        counts["updated"] = len(steps) - counts["created"]
        return {**counts, "refused": refused}

    @api.model
    def _values_of(self, row):
        """A checked row as field values; RowError."""
        days = row.get("processing_days")
        if days is not None and (isinstance(days, bool) or not isinstance(days, int)):
            raise RowError("processing_days is not a whole number")
        if days is not None and not -(2**31) <= days < 2**31:
            raise RowError("processing_days is out of range")
        return {
            "name": text_of(row.get("name"), "name", required=True),
            "name_key": text_of(row.get("name_key"), "name_key", required=True),
            "code": text_of(row.get("code"), "code"),
            "group_name": text_of(row.get("group"), "group"),
            "processing_days": days or 0,
            "hash": text_of(row.get("hash"), "hash", required=True),
        }

    def _steps_for(self, wanted):
        """``[(stored type or empty, values)]`` of what is new or changed.

        By name first; by code only for a stored type that the call does not name: then
        it was renamed. A merged type is only an old name and never changes.
        """
        by_name = {permit_type.name_key: permit_type for permit_type in self}
        by_code = {
            permit_type.code: permit_type
            for permit_type in self - self.filtered("merged_into_id")
            if permit_type.code and permit_type.name_key not in wanted
        }
        steps = []
        for key, values in wanted.items():
            found = by_name.get(key) or by_code.pop(values["code"], self.browse())
            if found.merged_into_id:
                continue
            if not found or found.hash != values["hash"] or found.name_key != key:
                steps.append((found, values))
        return steps

    @api.model
    def _apply_steps(self, config, steps):
        """Write a part of the plan; a code is taken from whoever held it, but from
        merged types, which keep theirs."""
        base = {"config_id": config.id, "company_id": config.company_id.id}
        codes = [values["code"] for _type, values in steps if values["code"]]
        named = self.concat(*(permit_type for permit_type, _values in steps))
        holders = self.search(
            [
                ("config_id", "=", config.id),
                ("code", "in", codes),
                ("merged_into_id", "=", False),
            ]
        )
        # Without a hash the loser is written again when the list names it next.
        (holders - named).write({"code": False, "hash": False})
        for permit_type, values in steps:
            if permit_type:
                permit_type.write(values)
        self.create([base | values for permit_type, values in steps if not permit_type])
