"""From 1.2.0: a notice is about a record, which may be no permit, and the key that
keeps anybody from being told twice holds where fields are empty.

All that was there is about a permit and for its applicant. The key is made when the
columns are filled; until now an event had no step, so two of them could be the same.
"""

from odoo.tools.sql import table_exists

# Odoo makes the new key when the model is loaded.
COLUMNS = """
ALTER TABLE sicantik_notice
  DROP CONSTRAINT IF EXISTS sicantik_notice_once_uniq,
  ADD COLUMN IF NOT EXISTS res_model varchar,
  ADD COLUMN IF NOT EXISTS res_id integer,
  ADD COLUMN IF NOT EXISTS recipient_type varchar,
  ADD COLUMN IF NOT EXISTS attempts integer,
  ADD COLUMN IF NOT EXISTS tried jsonb
"""
# What was handed over may still fail: its hand-over was the first one.
VALUES = """
UPDATE sicantik_notice
   SET res_model = 'sicantik.permit', res_id = permit_id, recipient_type = 'applicant',
       step = COALESCE(step, 0),
       attempts = handed_over::integer,
       tried = CASE WHEN handed_over THEN jsonb_build_array(channel) END
  FROM (SELECT id AS known, state IN ('sent', 'failed') AND channel IS NOT NULL
                            AS handed_over
          FROM sicantik_notice) AS now
 WHERE id = known
"""
# As when contacts are merged: the one that got furthest keeps the place.
TWINS = """
UPDATE sicantik_notice
   SET recipient_key = recipient_key || '#' || id,
       state = CASE WHEN waits THEN 'cancelled' ELSE state END,
       reason_code = CASE WHEN waits THEN 'merged' ELSE reason_code END
  FROM (SELECT id AS known, state IN ('due', 'failed') AS waits, row_number() OVER (
               PARTITION BY permit_id, kind, event, step, recipient_key
               ORDER BY array_position(
                   ARRAY['sent', 'due', 'failed', 'cancelled', 'skipped'],
                   state::text
               ), id) AS place
          FROM sicantik_notice) AS same
 WHERE id = known AND place > 1
"""


def migrate(cr, version):
    """1.0.0 had no notices."""
    if table_exists(cr, "sicantik_notice"):
        for statement in (COLUMNS, VALUES, TWINS):
            cr.execute(statement)
