"""From a row of the list to field values, by the owner rules of docs/interfaces.md."""

from odoo import api, fields, models

from ..tools.permit_row import date_of


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    @api.model
    def _values_of_new(self, row, config, run, type_ids, today):
        """Values for ``create`` from a checked ``PermitRow``."""
        values = row.list_values()
        keys = list(row.types)
        applicants = list(row.applicants.items())
        values.update(
            config_id=config.id,
            company_id=config.company_id.id,
            permit_type_id=type_ids[keys[0]] if keys else False,
            last_run_id=run.id,
            detail_state="never",
        )
        if applicants:
            values["applicant_key"], values["applicant_name"] = applicants[0]
        if len(keys) > 1:
            values["further_type_ids"] = [
                fields.Command.set([type_ids[key] for key in keys[1:]])
            ]
        if len(applicants) > 1:
            values["applicant_ids"] = [
                fields.Command.create({"name": name, "name_key": key})
                for key, name in applicants[1:]
            ]
        self._add_flags(values, "list", values["list_flags"], row.raw.get("raw"))
        self._add_list_expiry(values, row)
        values["status"] = self._status_for(
            values["permit_number"], values.get("expiry_date"), today
        )
        return values

    def _values_of_known(self, row, run, type_ids, today):
        """Values for ``write`` on this permit; empty when the row says nothing new."""
        self.ensure_one()
        values = {}
        if self.list_hash != row.raw.get("hash") or self.identity != row.identity:
            values = row.list_values()
            self._add_flags(values, "list", values["list_flags"], row.raw.get("raw"))
            self._add_list_expiry(values, row)
            values["status"] = self._status_for(
                values["permit_number"],
                values.get("expiry_date", self.expiry_date),
                today,
                self.status,
            )
            name = row.applicants.get(self.applicant_key)
            if name and name != self.applicant_name:
                values["applicant_name"] = name
        self._add_types(values, row, type_ids)
        self._add_applicants(values, row)
        if values:
            values["last_run_id"] = run.id
        return values

    def _add_list_expiry(self, values, row):
        """What the list says of the expiry date; a date by hand stays."""
        if row.raw.get("has_expiry"):
            date = date_of(row.raw.get("expiry_date"), "expiry_date")
            values.update(source_expiry_date=date, source_expiry_origin="list")
            if self.expiry_source != "manual":
                values.update(expiry_date=date, expiry_source="list")
        elif self and self.source_expiry_origin == "list":
            # The list lost the column: the date stays, detail calls go on.
            origin = "detail" if self.source_expiry_date else False
            values["source_expiry_origin"] = origin
            if self.expiry_source == "list":
                values["expiry_source"] = origin

    def _add_flags(self, values, part, flags, raw):
        """Flags and untaken values of one part (``list`` or ``detail``); the other
        part's stay."""
        other, stored = False, {}
        if self:
            other = self.detail_flags if part == "list" else self.list_flags
            stored = self.raw_values or {}
        codes = {code for text in (flags, other) if text for code in text.split(",")}
        values[f"{part}_flags"] = flags
        values["flag_codes"] = ",".join(sorted(codes)) or False
        values["is_flagged"] = bool(codes)
        if raw or part in stored:
            merged = {**stored, part: raw} if raw else dict(stored)
            if not raw:
                del merged[part]
            values["raw_values"] = merged or False

    def _add_types(self, values, row, type_ids):
        """The first stored type stays the main one; others are further types."""
        named = [type_ids[key] for key in row.types]
        further = set(self.further_type_ids.ids)
        main = self.permit_type_id.id
        if (not main and named) or (row.complete and main and main not in named):
            main = named[0] if named else False
            values["permit_type_id"] = main
        gone = further - set(named) if row.complete else set()
        gone |= further & {main}
        new = [type_id for type_id in named if type_id not in further | {main}]
        commands = [fields.Command.unlink(type_id) for type_id in sorted(gone)]
        commands += [fields.Command.link(type_id) for type_id in new]
        if commands:
            values["further_type_ids"] = commands

    def _add_applicants(self, values, row):
        """The first stored applicant stays the main one; others are child rows."""
        further = {child.name_key: child.id for child in self.applicant_ids}
        main = self.applicant_key
        if (not main and row.applicants) or (
            row.complete and main and main not in row.applicants
        ):
            main = next(iter(row.applicants), False)
            values["applicant_key"] = main
            values["applicant_name"] = row.applicants.get(main, False)
        gone = set(further) - set(row.applicants) if row.complete else set()
        gone |= further.keys() & {main}
        new = [key for key in row.applicants if key != main and key not in further]
        commands = [fields.Command.delete(further[key]) for key in sorted(gone)]
        commands += [
            fields.Command.create({"name": row.applicants[key], "name_key": key})
            for key in new
        ]
        if commands:
            values["applicant_ids"] = commands
