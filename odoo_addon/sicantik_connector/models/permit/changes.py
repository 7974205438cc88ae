"""Which permits have changed, for a reader that keeps a copy of them elsewhere.

Every row has the id of the transaction that last wrote it. The database sets it by a
trigger, so no writer can forget it, neither the ORM nor a statement. The column is no
field: a cache would hold an earlier id. See docs/decisions/0020.
"""

from collections import namedtuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# Permits of one page, where a reader does not say how many.
PAGE = 1000

# The first PostgreSQL whose ids of transactions never begin anew.
OLDEST_POSTGRESQL = 13
MARK = """
ALTER TABLE sicantik_permit ADD COLUMN IF NOT EXISTS changed_xid bigint DEFAULT 0;
CREATE INDEX IF NOT EXISTS sicantik_permit_changed_xid_idx
    ON sicantik_permit (config_id, changed_xid, id);
CREATE OR REPLACE FUNCTION sicantik_permit_mark_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_xid := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS sicantik_permit_mark_change ON sicantik_permit;
CREATE TRIGGER sicantik_permit_mark_change BEFORE INSERT OR UPDATE ON sicantik_permit
    FOR EACH ROW EXECUTE FUNCTION sicantik_permit_mark_change();
"""

# Ids of transactions. ``server`` and ``database`` say whose they are: a database that
# was restored, copied or moved begins with others, which nothing else would tell.
Clock = namedtuple("Clock", ["server", "database", "oldest_open", "newest"])

# What a reader keeps, as text. A sweep goes from the transaction ``start`` on (0: over
# all permits), and has come to the permit ``id`` of ``xid``. The next one begins at
# ``floor``, the oldest transaction that was open when this one began; 0: it ended.
Position = namedtuple("Position", ["server", "database", "start", "floor", "xid", "id"])


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    def init(self):
        """Make the column, its index and the trigger; UserError on a PostgreSQL that
        is too old."""
        result = super().init()
        [[version]] = self.env.execute_query(SQL("SHOW server_version_num"))
        if int(version) < OLDEST_POSTGRESQL * 10_000:
            raise UserError(
                self.env._(
                    "SICANTIK Connector needs PostgreSQL %s or later.",
                    OLDEST_POSTGRESQL,
                )
            )
        self.env.cr.execute(MARK)
        return result

    @api.model
    def _remove_change_marks(self):
        """The table goes with its trigger, but not the function that this calls."""
        self.env.cr.execute(
            "DROP FUNCTION IF EXISTS sicantik_permit_mark_change() CASCADE"
        )

    @api.model
    def _changed_since(self, config, position=None, limit=PAGE):
        """``(ids, position)`` of permits of ``config`` that were made or changed since
        ``position``, at most ``limit``; whoever calls has checked access.

        ``position`` is what the last call gave, a text that its reader keeps as it is;
        without one, and with one that is not of this database as it is now, it begins
        with all permits. With ``limit`` ids there may be more at once, with fewer the
        sweep has ended, and the next call begins another one.

        Nothing is missed: what a long transaction wrote comes when it has ended, and
        nobody waits for it, but until then what changed since it began comes in each
        sweep. A permit may come twice, and in any order. One that another permit
        absorbed does not come: see ``_absorb``. Further applicants and types count as
        the permit's; the names of types do not.
        """
        self.flush_model()
        clock = self._transaction_clock()
        _server, _database, start, floor, xid, after = self._position_of(
            position, clock
        )
        floor = floor or clock.oldest_open
        # Of a sweep from the beginning no id is too high: it may be of another server.
        upto = SQL("changed_xid <= %s", clock.newest) if start else SQL("TRUE")
        rows = self.env.execute_query(
            SQL(
                "SELECT changed_xid, id FROM sicantik_permit"
                " WHERE config_id = %s AND (changed_xid, id) > (%s, %s) AND %s"
                " ORDER BY changed_xid, id LIMIT %s",
                config.id,
                xid,
                after,
                upto,
                limit,
            )
        )
        if len(rows) == limit:
            reached = (start, floor, *rows[-1])
        else:
            reached = (floor, 0, floor, 0)
        position = ":".join(map(str, (clock.server, clock.database, *reached)))
        return [permit_id for _xid, permit_id in rows], position

    @api.model
    def _transaction_clock(self):
        """The ids of transactions as they are now."""
        query = """
            SELECT (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint,
                   (SELECT oid::bigint FROM pg_database
                     WHERE datname = current_database()),
                   pg_snapshot_xmin(now)::text::bigint,
                   greatest(pg_snapshot_xmax(now)::text::bigint - 1,
                            pg_current_xact_id_if_assigned()::text::bigint)
              FROM pg_current_snapshot() AS now
        """
        [row] = self.env.execute_query(SQL(query))
        return Clock(*row)

    @api.model
    def _position_of(self, position, clock):
        """The ``Position`` that a reader kept, or the beginning."""
        beginning = Position(clock.server, clock.database, 0, 0, 0, 0)
        try:
            kept = Position(*map(int, position.split(":")))
        except (AttributeError, TypeError, ValueError):
            return beginning
        if kept[:2] != beginning[:2] or max(kept.start, kept.floor) > clock.newest + 1:
            return beginning
        return kept
