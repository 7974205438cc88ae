"""Who comes through which door of an addon, over RPC. The doors are read from the code;
the marks of a line say what comes of its call for whom:

``+`` something is answered or done, ``0`` it is answered with nothing, ``-``
AccessError, ``u`` UserError: refused in words. Whatever else comes of it is a fault.
"""

from contextlib import closing, contextmanager
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.http import _generate_routing_rules
from odoo.models import MAGIC_COLUMNS
from odoo.release import version_info
from odoo.service.model import get_public_method
from odoo.tools import mute_logger

from odoo.addons.web.controllers.dataset import call_kw

from ..common import GROUP, SicantikCase
from .lines import ORM_DOORS, PEOPLE, WIZARD_DOORS, Line, Step, lines_of, spaced

# Stands in the texts of the first office, and in its secrets.
TEXT, SECRET = "Rahasia Kantor", "kunci-rahasia"
COMPANY = f"{TEXT} Pusat"
# To these the first office's texts are not to come.
OUTSIDERS = ("nobody", "portal", "employee", "other_manager", "other_administrator")
# Whom Odoo's own log tells of what it refused.
LOGS = (
    "odoo.models",
    "odoo.orm.models",
    "odoo.sql_db",
    "odoo.addons.base.models.ir_actions",
    "odoo.addons.base.models.ir_rule",
)


class DoorCase(SicantikCase):
    # Each class has its three tests itself: Odoo runs none that is inherited.
    # Whose doors they are, and their lines.
    addon = table = ""
    # ``{address: who may call it}`` of the addon's controllers.
    routes = {}
    # Doors of Odoo's own that need a request: ``{(model, door)}``.
    elsewhere = frozenset()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.config.company_id.name = COMPANY
        cls.other = cls.another_office()
        cls.people = {"nobody": cls.env.ref("base.public_user")}
        for name in PEOPLE[1:]:
            cls.people[name] = cls._person(name)
        cls.worker = cls.people["worker"]
        cls.named = {**cls._of_data(), **cls.records()}
        cls.lines = list(lines_of(cls.table, cls.named, version_info[0]))

    @classmethod
    def records(cls):
        """The first office's records by their names in the lines."""
        raise NotImplementedError

    @classmethod
    def _person(cls, name):
        kind, company = name.removeprefix("other_"), cls.config.company_id
        if kind != name:
            company = cls.other.company_id
        groups = {
            "portal": "base.group_portal",
            "employee": "base.group_user",
            "worker": f"{GROUP}sicantik_worker",
            "administrator": "base.group_system",
        }
        return cls._user(
            f"door.{name}",
            groups.get(kind, f"{GROUP}{kind}"),
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

    @classmethod
    def _of_data(cls):
        """The addon's menus and server actions, also those of its scheduled actions,
        which are together ``crons``."""
        found, nothing = {}, cls.env["ir.cron"]
        for item in cls.env["ir.model.data"].search([("module", "=", cls.addon)]):
            record = cls.env[item.model].browse(item.res_id)
            if item.model == "ir.cron":
                found[item.name] = record.ir_actions_server_id
                found["crons"] = found.get("crons", nothing) | record
            elif item.model == "ir.ui.menu" or (
                item.model == "ir.actions.server" and record.usage != "ir_cron"
            ):
                found[item.name] = record
        return found

    # The walk

    @contextmanager
    def walking(self):
        """Nothing that calls do lasts, though scheduled actions would commit."""
        configs = type(self.env["sicantik.config"])
        once = patch.object(configs, "_repeatable", lambda _self, step: step())
        savepoint = closing(self.env.cr.savepoint())
        with mute_logger(*LOGS), once, savepoint as self.savepoint:
            yield

    def assertDoors(self):
        """Each call ends for each kind of user as the marks of its line say."""
        with self.walking():
            for line in self.lines:
                with self.subTest(line.text):
                    self.assertMarks(line)

    def assertMarks(self, line):
        found = "".join(self._mark_of(line, name) for name in PEOPLE)
        self.assertEqual(spaced(found), spaced(line.expected), line.text)

    def _mark_of(self, line, name):
        """What comes of the call for the user ``name``."""
        try:
            result = self.walk(self.env(user=self.people[name].id, context={}), line)
        except AccessError:
            return "-"
        except (UserError, IntegrityError):  # Odoo finds words for the latter
            return "u"
        finally:
            # The cache, too: what is in it, anybody may read.
            self.savepoint.rollback()
        self._check_secrecy(result, name)
        door = line.steps[-1].door
        if door == "load":  # reports what was refused
            return "+" if result["ids"] else "u"
        # A form that does not change was answered.
        return "+" if door == "onchange" or _says_something(result) else "0"

    def walk(self, env, line):
        record = self.named[line.record]
        model, result = env[record._name], record.ids
        for step in line.steps:
            call = getattr(self, f"_call_{step.door}", None)
            if call:
                result = call(model, result, *step.args)
            else:
                result = self._call(model, result, step)
        env.cr.flush()
        return result

    def _call(self, model, ids, step):
        method = get_public_method(model, step.door)
        of_model = getattr(method, "_api", None) or getattr(method, "_api_model", None)
        args = step.args if of_model else [ids, *step.args]
        return call_kw(model, step.door, args, step.kwargs)

    def _call_is_shown(self, model, ids):
        """Whether a menu stands on the user's screen: it, and those above it."""
        every = model.sudo().with_context(**{"ir.ui.menu.full_list": True})
        menus = every.search([("id", "parent_of", ids)]).with_env(model.env)
        return menus._filter_visible_menus() == menus

    def _call_group(self, model, _ids, domain, field):
        """The groups of ``read_group``, as each version calls it."""
        if version_info[0] == 18:
            values = {"domain": domain, "fields": ["__count"], "groupby": [field]}
            return call_kw(model, "read_group", [], values)
        values = {"domain": domain, "groupby": [field], "aggregates": ["__count"]}
        return call_kw(model, "formatted_read_group", [], values)

    def _call_see(self, model, ids, name):
        """Read a field. Whoever may not, learns nothing of it in another way."""
        domain, field = [("id", "in", ids)], model._fields[name]
        try:
            return call_kw(model, "read", [ids, [name]], {})
        except AccessError:
            ways = []
            if field.store or field.search:
                # Odoo knows without asking that a required field is not empty.
                value = field.required and model.sudo().browse(ids)[name]
                term = (name, "=", value) if value else (name, "!=", False)
                ways.append(lambda: call_kw(model, "search", [[*domain, term]], {}))
            if field.store and field.column_type:
                by = {"order": name}
                ways.append(lambda: call_kw(model, "search", [domain], by))
                ways.append(lambda: self._call_group(model, ids, domain, name))
            for way in ways:
                try:
                    self.assertFalse(way(), name)
                except AccessError:
                    continue
            raise

    def _check_secrecy(self, result, name):
        told = repr(result)
        if name != "worker":
            self.assertNotIn(SECRET, told, name)
        if name != "other_manager":  # Administrators see every company.
            told = told.replace(COMPANY, "")
        if name in OUTSIDERS:
            self.assertNotIn(TEXT, told, name)

    # What there is to walk through

    def assertComplete(self):
        """No door of the code is without a line, and no route."""
        walked = set()
        for line in self.lines:
            model = self.named[line.record]._name
            walked |= {(model, step.door) for step in line.steps}
        left = self._doors() - walked - self.elsewhere
        self.assertFalse(sorted(left), "doors without a line")
        left = self._of_data().keys() - {line.record for line in self.lines}
        self.assertFalse(sorted(left), "menus and actions without a line")
        self.assertEqual(self._routes(), self.routes)

    def _doors(self):
        """``{(model, door)}``: the public methods that the addon's classes define, and
        the doors that the ORM gives to its models."""
        home, found = f"odoo.addons.{self.addon}.", set()
        models = set(self.env.registry.models.values())
        for name in self.env.registry.models.keys() - {"base"}:
            model = self.env[name]
            if model._original_module == self.addon and not model._abstract:
                usual = WIZARD_DOORS if model._transient else ORM_DOORS
                found |= {(name, door) for door in usual}
            parts = type(model).mro()
            # What another model brings, such as a mixin, is that model's.
            others = models.intersection(parts) - {type(model)}
            brought = {part for other in others for part in other.mro()}
            for part in parts:
                if part.__module__.startswith(home) and part not in brought:
                    own = filter(lambda door: _is_public(model, door), vars(part))
                    found |= {(name, door) for door in own}
        return found

    def _routes(self):
        """``{address: auth}`` of what the addon's controllers answer, those of others
        that they extend included."""
        home = f"odoo.addons.{self.addon}."
        modules = sorted(self.registry._init_modules)
        return {
            url: endpoint.routing["auth"]
            for url, endpoint in _generate_routing_rules(modules, nodb_only=False)
            for part in type(endpoint.func.__self__).mro()
            if part.__module__.startswith(home)
        }

    def assertFields(self):
        """Nobody writes a field that no line writes. One that not everybody sees has a
        line that says who does."""
        records = {
            record._name: key
            for key, record in self.named.items()
            if hasattr(record, "_name")
        }
        written, seen = self._fields_in_lines("write"), self._fields_in_lines("see")
        with self.walking():
            for model, name in sorted(self._own_fields()):
                with self.subTest(field=f"{model}.{name}"):
                    field = self.env[model]._fields[name]
                    if field.groups:
                        self.assertIn((model, name), seen, "a line says who sees it")
                    if (model, name) not in written and _is_writable(field):
                        step = Step("write", [{name: False}], {})
                        line = Line(name, "-" * len(PEOPLE), records[model], [step])
                        self.assertMarks(line)

    def _fields_in_lines(self, door):
        return {
            (self.named[line.record]._name, name)
            for line in self.lines
            for step in line.steps
            if step.door == door
            for name in (step.args if door == "see" else step.args[0])
        }

    def _own_fields(self):
        """``{(model, field)}`` of what the addon keeps in tables that last."""
        return {
            (name, field.name)
            for name in self.env.registry
            if not (self.env[name]._abstract or self.env[name]._transient)
            for field in self.env[name]._fields.values()
            if self.addon in (field._modules or ())
            and not (field.inherited or field.name in MAGIC_COLUMNS)
        }


def _is_public(model, name):
    if name.startswith("_") or not callable(getattr(type(model), name, None)):
        return False
    try:
        return bool(get_public_method(model, name))
    except AccessError:  # @api.private
        return False


def _is_writable(field):
    return bool(field.inverse or (field.store and not field.related))


def _says_something(result):
    """Whether an answer holds anything; a call that returns None was done."""
    if isinstance(result, dict):
        return any(map(_says_something, result.values()))
    return result is None or bool(result)
