"""Odoo is killed while it sends notices: nobody is left out, nobody is told twice."""

import threading
import time

from letterbox import Letterbox
from notices import deliver, prepare, run_action, states
from parts import WAIT_SECONDS
from riglib.server import Odoo

COUNT = 150
"""More than one transaction sends."""
HANG = """
CREATE SEQUENCE mails_in_test;
CREATE FUNCTION hang_in_test() RETURNS trigger LANGUAGE plpgsql AS
'BEGIN IF nextval(''mails_in_test'') > 110 THEN PERFORM pg_sleep(3600); END IF; RETURN NEW; END';
CREATE TRIGGER hang_in_test BEFORE INSERT ON mail_mail FOR EACH ROW EXECUTE FUNCTION hang_in_test();
"""
"""The second transaction stands still until it is killed, however slow the machine is."""
FORGET = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
"""PostgreSQL does not see that its client is dead while it sleeps."""


def test_a_server_killed_while_it_sends_goes_on_after_its_restart(odoo: Odoo) -> None:
    with Letterbox() as letterbox:
        prepare(odoo, letterbox, count=COUNT)
        run_action(odoo.rpc())
        odoo.sql("DELETE FROM mail_mail; UPDATE sicantik_notice SET state = 'due', mail_id = NULL")
        odoo.sql(HANG)
        threading.Thread(target=_run_until_killed, args=(odoo,), daemon=True).start()
        limit = time.monotonic() + WAIT_SECONDS
        while _sent(odoo) < 100:
            assert time.monotonic() < limit, "the first transaction did not end"
            time.sleep(0.05)
        odoo.kill()
        odoo.sql(FORGET)
        assert states(odoo) == [{"state": "due", "count": 50}, {"state": "sent", "count": 100}]

        odoo.sql("DROP TRIGGER hang_in_test ON mail_mail")
        odoo.start()
        admin = odoo.rpc()
        run_action(admin)
        assert states(odoo) == [{"state": "sent", "count": COUNT}]
        deliver(admin)
        told = [letter["To"].addresses[0].addr_spec for letter in letterbox.letters]
        assert sorted(told) == sorted(f"pemohon{n}@contoh.test" for n in range(COUNT))


def _run_until_killed(odoo: Odoo) -> None:
    try:
        run_action(odoo.rpc())
    except OSError:
        return


def _sent(odoo: Odoo) -> int:
    return odoo.sql("SELECT count(*) FROM sicantik_notice WHERE state = 'sent'")[0]["count"]
