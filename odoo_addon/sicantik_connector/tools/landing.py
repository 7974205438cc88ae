"""Bring a batch into the database; isolate what is refused by halving it."""

import logging
from contextlib import contextmanager

import psycopg2
from psycopg2 import errors

from odoo.exceptions import UserError
from odoo.tools import SQL

from . import compat
from .faults import kind_and_place

_logger = logging.getLogger(__name__)

# Never caught: Odoo repeats the whole call (serialization, deadlock, lock).
RETRIED = (psycopg2.OperationalError, psycopg2.InterfaceError)
if compat.ConcurrencyError:
    RETRIED += (compat.ConcurrencyError,)


def quietly(cr, query):
    """Execute without a line in the log on failure: what Odoo repeats is no error."""
    cr.execute(query, log_exceptions=False)


def lock_rows(records):
    """Lock the rows of ``records`` until the end of the transaction.

    Whoever read before another transaction changed them gets a serialization failure
    here, and Odoo repeats the call.
    """
    if records:
        quietly(
            records.env.cr,
            SQL(
                "SELECT id FROM %s WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
                SQL.identifier(records._table),
                tuple(records.ids),
            ),
        )


@contextmanager
def unlogged(cr):
    """What fails in the block leaves no line in the log, whoever executes it."""
    execute, before = cr.execute, vars(cr).get("execute")

    def execute_quietly(query, params=None, log_exceptions=True):
        return execute(query, params, log_exceptions=False)

    cr.execute = execute_quietly
    try:
        yield
    finally:
        if before:
            cr.execute = before
        else:
            del cr.execute


def repeat(cr):
    """Have Odoo repeat the whole call, on a new snapshot of the database.

    The error is a real one, from the database: Odoo looks at more than its class.
    """
    quietly(cr, "DO $$ BEGIN RAISE SQLSTATE '40001'; END $$")


def land(env, items, apply, races=()):
    """Call ``apply(items)`` in one savepoint; on a refusal halve the list and go on.

    ``apply`` may be called several times with parts of the list and must have no
    effect outside the database. Returns ``[(item, (code, message))]``, the refused
    items in their order; code is ``duplicate``, ``constraint``, ``data`` or
    ``internal``. Without a refusal there is exactly one savepoint.

    ``races``: unique constraints that are only violated when another transaction has
    made the same record meanwhile; then Odoo repeats the whole call.
    """
    if not items:
        return []
    try:
        with env.cr.savepoint():
            apply(items)
        return []
    except RETRIED:
        raise
    except Exception as error:
        rule = getattr(getattr(error, "diag", None), "constraint_name", None)
        if rule not in races and len(items) == 1:
            return [(items[0], reason_of(env, error))]
    if rule in races:
        # Not above: what was refused would be told, with its values, as the cause.
        repeat(env.cr)
    half = len(items) // 2
    first = land(env, items[:half], apply, races)
    return first + land(env, items[half:], apply, races)


def reason_of(env, error):
    """``(code, message)``: a machine word and a sentence without the row's values."""
    if isinstance(error, errors.UniqueViolation):
        return "duplicate", env._("Another record already has this key.")
    if isinstance(error, psycopg2.IntegrityError):
        return "constraint", env._(
            "A rule of the database refused it (%(rule)s).",
            rule=error.diag.constraint_name or error.diag.column_name or "?",
        )
    if isinstance(error, UserError):
        return "constraint", str(error)
    if isinstance(error, psycopg2.DataError | ValueError | TypeError):
        return "data", env._("A value has a form that the database does not take.")
    _logger.error("A row could not be written: %s", kind_and_place(error))
    return "internal", env._(
        "Writing it failed inside Odoo (%(kind)s); see Odoo's log.",
        kind=type(error).__name__,
    )
