"""From 1.2.0: telephone numbers, NPWPs, names and identities are read by stricter rules
(tools/phone_number.py, npwp.py, text.py). What is stored by the old ones is read anew.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

from odoo.addons.sicantik_connector.tools import compat
from odoo.addons.sicantik_connector.tools.constants import SEPARATOR
from odoo.addons.sicantik_connector.tools.npwp import npwp_key
from odoo.addons.sicantik_connector.tools.phone_number import (
    phone_key,
    read_phone,
    read_phones,
)
from odoo.addons.sicantik_connector.tools.text import fold, tidy

NAMES = (
    # table, name, its key, whose keys differ
    ("sicantik_permit_type", "name", "name_key", "config_id"),
    ("sicantik_permit_applicant", "name", "name_key", "permit_id"),
    ("sicantik_permit", "applicant_name", "applicant_key", "id"),
)


def migrate(cr, version):
    _read_numbers_anew(cr)
    _read_keys_anew(cr)
    _read_names_anew(cr)
    _read_identities_anew(cr)


def _read_numbers_anew(cr):
    """A number for WhatsApp that the permit's telephone does not say goes, and with it
    that of the contact who got it from the permit: it may be a stranger's. The
    contact's chatter keeps what it was."""
    cr.execute(
        "SELECT id, whatsapp_number, applicant_phone FROM sicantik_permit"
        " WHERE whatsapp_number <> '' AND applicant_phone <> ''"
    )
    permits = api.Environment(cr, SUPERUSER_ID, {})["sicantik.permit"]
    for permit_id, number, phone in cr.fetchall():
        if number in {found.key for found in read_phones(phone)}:
            continue
        found, permit = read_phone(phone), permits.browse(permit_id)
        right = found.key if found.state in ("mobile", "foreign") else False
        if permit.partner_id.whatsapp_number == number:
            permit.partner_id.whatsapp_number = right
        # Without a fingerprint the next detail is written whole.
        permit.write(
            {
                "whatsapp_number": right,
                "whatsapp_state": found.state,
                "detail_hash": False,
            }
        )
    permits.env.flush_all()


def _read_keys_anew(cr):
    _read_anew(cr, "sicantik_permit", "company_npwp", "company_npwp_key", npwp_key)
    _read_anew(cr, "res_partner", "vat", "sicantik_npwp_key", npwp_key)
    keys = ("sicantik_phone_key", "sicantik_mobile_key")
    for phone, key in zip(compat.PARTNER_PHONES, keys, strict=False):
        _read_anew(cr, "res_partner", phone, key, phone_key)


def _read_anew(cr, table, source, column, read):
    """``column`` is what ``read`` makes of ``source``."""
    names = {
        "table": SQL.identifier(table),
        "source": SQL.identifier(source),
        "column": SQL.identifier(column),
    }
    cr.execute(
        SQL(
            "SELECT %(source)s, %(column)s FROM %(table)s"
            " WHERE %(source)s <> '' GROUP BY 1, 2",
            **names,
        )
    )
    found = [(written, key, read(written) or None) for written, key in cr.fetchall()]
    changed = {written: new for written, key, new in found if key != new}
    cr.execute(
        SQL(
            "UPDATE %(table)s SET %(column)s = w.key"
            " FROM unnest(%(written)s::text[], %(keys)s::text[]) AS w (written, key)"
            " WHERE %(source)s = w.written",
            written=list(changed),
            keys=list(changed.values()),
            **names,
        )
    )


def _read_names_anew(cr):
    """Where two would have one key by now, they stay as they are: a sync tells which of
    them is meant."""
    for names in NAMES:
        table, name, key, owner = map(SQL.identifier, names)
        cr.execute(
            SQL(
                "SELECT id, %s, %s, %s FROM %s"
                " WHERE octet_length(%s) > char_length(%s)",
                *(owner, name, key, table, name, name),
            )
        )
        for record, owned, written, old in cr.fetchall():
            shown, new = tidy(written), fold(written)
            if (shown, new) == (written, old):
                continue
            taken = SQL(
                "SELECT FROM %s other WHERE other.id <> %s AND other.%s = %s"
                " AND other.%s = %s",
                *(table, record, owner, owned, key, new),
            )
            cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s, %s = %s WHERE id = %s AND NOT EXISTS (%s)",
                    *(table, name, shown, key, new, record, taken),
                )
            )


def _read_identities_anew(cr):
    """The identity by which the worker names a permit from now on, where no other
    permit has it already."""
    cr.execute(
        "SELECT id, config_id, identity FROM sicantik_permit"
        " WHERE octet_length(identity) > char_length(identity)"
    )
    for permit, config, identity in cr.fetchall():
        parts = identity.split(SEPARATOR, 2)
        if len(parts) < 3:
            continue
        registration = tidy(parts[1])
        new = SEPARATOR.join((parts[0], registration, fold(parts[2])))
        if new == identity:
            continue
        taken = SQL(
            "SELECT FROM sicantik_permit WHERE config_id = %s AND identity = %s",
            *(config, new),
        )
        cr.execute(
            SQL(
                "UPDATE sicantik_permit SET identity = %s, registration_number = %s"
                " WHERE id = %s AND NOT EXISTS (%s)",
                *(new, registration, permit, taken),
            )
        )
