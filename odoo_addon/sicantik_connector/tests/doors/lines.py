"""The lines of a table of doors, read.

A line has a mark for each kind of user of ``PEOPLE``, in three parts (outsiders, the
office's people, people of another office), and the call, whose names are records or
plain values: ``---- -+++ --  permit.write({"partner_id": contact})``. An argument is
the id of its record. A number in front is the only version of Odoo that it is true of.

Without parentheses, ``permit: read, copy`` are doors of the ORM with the arguments of
``usual``. ``see permit: name`` reads a field, and asks for it in every other way.
"""

import ast
from collections import namedtuple

PEOPLE = (
    *("nobody", "portal", "employee", "worker"),
    *("viewer", "operator", "manager", "administrator"),
    *("other_manager", "other_administrator"),
)
VERSIONS = ("18", "19")
READING = ("read", "search_read", "name_search", "group", "export_data")
CHANGING = ("create", "write", "unlink", "copy", "load", "name_create")
FORMS = ("default_get", "onchange")
ORM_DOORS = frozenset((*READING, *CHANGING, *FORMS))
# Whoever made a wizard has it for himself.
WIZARD_DOORS = frozenset(("create", "read", *FORMS))

# ``steps``: the calls, each on what the one before it returned.
Line = namedtuple("Line", ["text", "expected", "record", "steps"])
Step = namedtuple("Step", ["door", "args", "kwargs"])


def spaced(marks):
    """The marks as they stand in a table."""
    return f"{marks[:4]} {marks[4:8]} {marks[8:]}"


def lines_of(text, named, version):
    """The lines of ``text``; ``named`` is ``{name: record, or a plain value}``."""
    for line in filter(None, map(str.strip, text.splitlines())):
        first, _blank, rest = line.partition(" ")
        only = first in VERSIONS
        if first == "#" or (only and first != str(version)):
            continue
        outside, inside, others, call = (rest if only else line).split(None, 3)
        expected = outside + inside + others
        if len(expected) != len(PEOPLE):
            raise ValueError(f"Marks are missing: {line}")
        if "(" in call:
            record, *steps = _chain(ast.parse(call, mode="eval").body, named)
            yield Line(call, expected, record, steps)
            continue
        seen = call.startswith("see ")
        record, _colon, words = call.removeprefix("see ").partition(": ")
        for word in words.split(", "):
            step = Step("see", [word], {}) if seen else usual(named[record], word)
            yield Line(f"{record}: {word}", expected, record, [step])


def _chain(node, named):
    """``[name of the record, Step, …]`` of an expression such as ``a.b(1).c()``."""
    if isinstance(node, ast.Name):
        return [node.id]
    args = [_value(arg, named) for arg in node.args]
    kwargs = {arg.arg: _value(arg.value, named) for arg in node.keywords}
    return [*_chain(node.func.value, named), Step(node.func.attr, args, kwargs)]


def _value(node, named):
    class Plain(ast.NodeTransformer):
        def visit_Name(self, name):
            value = named[name.id]
            return ast.Constant(getattr(value, "id", value))

    return ast.literal_eval(Plain().visit(node))


def usual(records, door):
    """The step through a door of the ORM with the least to say."""
    names, domain = ["display_name"], [("id", "in", records.ids)]
    args = {
        "search_read": [domain, names],
        "name_search": ["", domain],
        "name_create": ["x"],
        "group": [domain, "create_uid"],
        "export_data": [names],
        "create": [{}],
        "write": [{}],
        "load": [[records._rec_name or "id"], [["x"]]],
        "default_get": [sorted(records._fields)],
        "onchange": [{}, [], dict.fromkeys(names, {})],
    }
    return Step(door, args.get(door, []), {})
