"""Figures and what they open: the same records twice, as a number and as a list that is
resolved as the web client does it."""

import ast
from datetime import date

from lxml import etree

from odoo.models import BaseModel
from odoo.tools.safe_eval import safe_eval

from .common import SicantikCase

CONNECTOR = "sicantik_connector"
TODAY = "2026-03-10 03:00:00"
# One number is part of another one, and one is given twice.
NUMBERS = ("503/77/CTH", "2503/77/CTH", "503/77/CTH")

# Whoever adds a stat button adds a function that makes, for a case, what it counts.
FILLS = []


class CountsCase(SicantikCase):
    """An office with an archived configuration, its neighbour, and who sees both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.archived = cls.config.copy({"active": False, "name": "Kantor Lama"})
        cls.neighbour = cls.another_office()
        cls.configs = cls.config | cls.archived | cls.neighbour
        groups = f"base.group_system,{CONNECTOR}.group_manager"
        company, both = cls.config.company_id, cls.configs.company_id
        cls.of_both = cls._user("both", groups, company_ids=[(6, 0, both.ids)])
        cls.of_one = cls._user("one", groups, company_ids=[(6, 0, company.ids)])
        names = ("Contoh", "PT Contoh")
        cls.partners = cls.env["res.partner"].create([{"name": n} for n in names])
        cls.permits_of = {config: cls._permits(config) for config in cls.configs}
        for config in cls.configs:
            cls._runs(config)
        for fill in FILLS:
            fill(cls)
        cls._filters_that_hide_all()

    @classmethod
    def _permits(cls, config):
        """Permits that differ in all that figures tell apart."""
        types = cls.env["sicantik.permit.type"]
        own = {"config_id": config.id, "company_id": config.company_id.id}
        names = [{"name": n, "name_key": n.casefold()} for n in ("Izin", "Izin Lain")]
        first, second = types.create([{**own, **name} for name in names])
        facts = (
            ("active", date(2026, 3, 12), first, "Contoh Barat"),
            ("active", date(2026, 4, 20), first, "Contoh"),
            ("expired", date(2026, 1, 1), second, False),
            ("draft", False, first, "Contoh"),
            ("renewed", date(2026, 3, 12), first, "Contoh"),
            ("cancelled", date(2026, 4, 20), second, "Contoh"),
        )
        permits = cls.permits.create(
            [
                {
                    **own,
                    "identity": f"N\x1f{number}\x1f{number}",
                    "registration_number": f"{number:05}",
                    "permit_number": NUMBERS[number % 3],
                    "applicant_name": "CONTOH" if number % 2 else "PT CONTOH",
                    "registered_month": date(2025 + number % 2, 1 + number, 1),
                    "issue_date": bool(number % 2) and date(2025, 5, 1),
                    "status": status,
                    "expiry_date": expiry,
                    "permit_type_id": permit_type.id,
                    "district": district,
                    "partner_id": cls.partners[number % 2].id,
                    "flag_codes": ("type_missing", "type_missing,new_flag", False)[
                        number % 3
                    ],
                }
                for number, (status, expiry, permit_type, district) in enumerate(facts)
            ]
        )
        permits[4].renewed_by_id = permits[1]
        return permits

    @classmethod
    def _runs(cls, config):
        """Three runs: the second names permits and retries issues of the first."""
        permits = cls.permits_of[config]
        own = {"config_id": config.id, "company_id": config.company_id.id}
        done = {**own, "state": "done", "date_end": "2026-03-09 03:00:00"}
        named = {"restricted": True, "permit_ids": [(6, 0, permits[:2].ids)]}
        first, second, third = cls.env["sicantik.sync.run"].create(
            [
                {**done, "kind": "permits"},
                {**done, "kind": "expiry", **named},
                {**done, "kind": "expiry"},
            ]
        )
        (permits - permits[0]).last_run_id = first
        permits[0].last_run_id = third
        cls.env["sicantik.sync.issue"].create(
            [
                {
                    **own,
                    "run_id": run.id,
                    "key": permit.permit_number,
                    "code": "data",
                    "permit_id": permit.id,
                    "retried_by_id": retried.id,
                }
                for run, permit, retried in (
                    (first, permits[0], second),
                    (first, permits[0], second),
                    (first, permits[1], second),
                    (second, permits[2], second.browse()),
                )
            ]
        )

    @classmethod
    def _filters_that_hide_all(cls):
        """Filters that somebody made everybody's default, of menus and of pages."""
        actions = cls.env["ir.actions.act_window"].search(
            [("res_model", "=like", "sicantik.%"), ("target", "!=", "new")]
        )
        filters = cls.env["ir.filters"]
        for_all = dict.fromkeys({"user_id", "user_ids"} & filters._fields.keys(), False)
        for model in set(actions.mapped("res_model")):
            own = actions.filtered(lambda a, m=model: a.res_model == m)
            for action_id in (False, *own.ids):
                filters.create(
                    {
                        "name": f"None {action_id}",
                        "model_id": model,
                        "action_id": action_id,
                        "domain": "[('id', '=', 0)]",
                        "is_default": True,
                        **for_all,
                    }
                )

    def as_user(self, user):
        """The environment of ``user``, who chose all companies that they may, and sees
        nothing that was worked out for somebody else."""
        self.env.invalidate_all()
        context = {"allowed_company_ids": user.company_ids.ids}
        return self.env(user=user, context=context)

    # -- buttons ----------------------------------------------------------------------

    def addons(self):
        """The connector and the installed addons that build on it."""
        connector = self.env.ref(f"base.module_{CONNECTOR}")
        return {CONNECTOR, *connector.downstream_dependencies().mapped("name")}

    def stat_buttons(self):
        """``{(model, method): button}`` of the forms of these addons, as an
        administrator of SICANTIK sees them."""
        addons, found = self.addons(), {}
        known = self.env["ir.model.data"].search(
            [("model", "=", "ir.ui.view"), ("module", "in", list(addons))]
        )
        views = self.env["ir.ui.view"].browse(known.mapped("res_id"))
        for view in views.filtered(lambda view: view.type == "form"):
            named = etree.fromstring(view.arch).iter("button")
            own = {button.get("name") for button in named}
            root = view
            while root.mode == "extension":
                root = root.inherit_id
            model = self.as_user(self.of_both)[view.model]
            arch = etree.fromstring(model.get_view(root.id, "form")["arch"])
            for button in arch.xpath("//div[@name='button_box']//button"):
                foreign = model._original_module not in addons
                if not foreign or button.get("name") in own:
                    found[view.model, button.get("name")] = button
        return found

    @staticmethod
    def is_visible(button, record):
        """Whether the page of ``record`` shows the button."""
        hidden = button.get("invisible") or "False"
        names = {n.id for n in ast.walk(ast.parse(hidden)) if isinstance(n, ast.Name)}
        values = {name: record[name] for name in names}
        plain = {
            name: value.ids if isinstance(value, BaseModel) else value
            for name, value in values.items()
        }
        return not safe_eval(hidden, plain)

    # -- what opens -------------------------------------------------------------------

    def listed(self, env, action):
        """The records that the client lists for ``action``."""
        if not action:
            return None
        context = action.get("context") or {}
        if isinstance(context, str):
            context = safe_eval(context, {"uid": env.uid})
        model = env[action["res_model"]].with_context(**context)
        if action.get("res_id"):
            return model.browse(action["res_id"])
        domain = action.get("domain") or []
        if isinstance(domain, str):
            domain = safe_eval(domain, {"uid": env.uid})
        return model.search([*domain, *self._searched(env, action, context)])

    def _searched(self, env, action, context):
        """The domain of what the search bar holds at the beginning."""
        filters = env["ir.filters"].get_filters(action["res_model"], action.get("id"))
        defaults = [found["domain"] for found in filters if found["is_default"]]
        if defaults and not context.get("search_disable_custom_filters"):
            return safe_eval(defaults[0])
        view_id = (action.get("search_view_id") or [False])[0]
        arch = env[action["res_model"]].get_view(view_id, "search")["arch"]
        domain = []
        for key, value in context.items():
            name = key.removeprefix("search_default_")
            node = etree.fromstring(arch).xpath(
                "//*[self::filter or self::field][@name=$name]", name=name
            )
            if name != key and value and node:
                domain += self._default(env[action["res_model"]], node[0], value)
        return domain

    def _default(self, model, node, value):
        """The domain of one filter or field that is there at the beginning."""
        if node.tag == "filter":
            return safe_eval(node.get("domain"))
        field = model._fields[node.get("name")]
        if node.get("filter_domain"):
            label = model.env[field.comodel_name].browse(value).display_name
            return safe_eval(node.get("filter_domain"), {"self": label})
        return [(field.name, "=" if field.relational else "ilike", value)]
