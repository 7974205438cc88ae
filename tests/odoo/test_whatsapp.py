"""WhatsApp end to end: a notice becomes a message, Meta takes it and tells what became of it, and Odoo says so."""

from collections.abc import Iterator

import pytest
from letterbox import Letterbox
from notices import deliver, prepare, run_action
from offices import MakeOffice
from parts import QUICK_LEASE, Office
from providers import answers
from providers.account import Provider
from riglib.plugin import served
from riglib.server import Odoo
from riglib.session import Rig
from whatsapp import Sender, agree, messages, states

SENDER = Sender()
DAYS = {"503/0001/CTH/2025": 30, "503/0002/CTH/2025": 30, "503/0003/CTH/2025": 30}


@pytest.fixture
def odoo(rig: Rig) -> Iterator[Odoo]:
    yield from served(rig, "sicantik_whatsapp")


@pytest.fixture
def meta() -> Iterator[Provider]:
    with SENDER.open() as opened:
        yield opened


@pytest.fixture
def office(odoo: Odoo, make_office: MakeOffice, meta: Provider, letterbox: Letterbox) -> Office:
    """Three permits that reach 30 days, of contacts who agreed; a worker that knows Meta."""
    office = make_office(permits=5)
    SENDER.point_worker_at(office, meta)
    prepare(odoo, letterbox, count=3, days=DAYS)
    agree(office)
    account = SENDER.make_account(office)
    SENDER.approve_texts(office, meta)
    office.worker.start(**QUICK_LEASE)
    SENDER.set_secrets(office, account)
    office.admin.call("sicantik.whatsapp.account", "action_check", [account["id"]])
    office.wait_until(lambda: read_account(office)["check_state"] == "ok", "the account works")
    meta.subscribe(account["callback"], account["verify_token"])
    return office


def read_account(office: Office) -> dict:
    names = ["check_state", "check_reason", "number", "daily_limit", "token_set", "held_why", "held_reason"]
    return office.admin.call("sicantik.whatsapp.account", "search_read", [], names)[0]


def notices(office: Office) -> list[dict]:
    names = ["state", "channel", "reason", "whatsapp_state"]
    return office.admin.call("sicantik.notice", "search_read", [("state", "!=", "skipped")], names, order="id")


def test_applicants_are_told_once_and_odoo_hears_how_far_it_came(office: Office, meta: Provider, letterbox: Letterbox) -> None:
    account = read_account(office)
    assert (account["number"], account["daily_limit"], bool(account["token_set"])) == ("+62 836-0100-9999", 250, True), account
    meta.person("+6283601000000").reads()
    meta.person("+6283601000001").is_not_on_whatsapp()
    meta.person("+6283601000002").is_never_told_of()
    run_action(office.admin)
    office.wait_until(lambda: sorted(states(office)) == ["accepted", "failed", "read"], "every receipt came")
    assert len(meta.taken) == 3
    first = meta.taken[0]
    assert "503/0001/CTH/2025" in first.parameters
    assert first.text == "sicantik_permit_expiring"
    assert not meta.twice() and not meta.broken_limits()

    # Who is not on WhatsApp is written to by e-mail, once, by itself.
    run_action(office.admin)
    deliver(office.admin)
    assert [letter["To"].addresses[0].addr_spec for letter in letterbox.letters] == ["pemohon1@contoh.test"]
    told = notices(office)
    assert [notice["state"] for notice in told] == ["read", "sent", "sent"], told
    assert [notice["channel"] for notice in told] == ["whatsapp", "email", "whatsapp"]
    run_action(office.admin)
    deliver(office.admin)
    assert (len(meta.taken), len(letterbox.letters)) == (3, 1)


def test_who_writes_stop_is_not_written_to_again(office: Office, meta: Provider, letterbox: Letterbox) -> None:
    run_action(office.admin)
    office.wait_until(lambda: set(states(office)) == {"delivered"}, "they arrived")
    meta.person("+6283601000001").writes("Berhenti, terima kasih.")
    answers_of = [("whatsapp_number", "=", "+6283601000001")]
    names = ["whatsapp_consent", "whatsapp_consent_source"]

    def answer() -> list:
        return [tuple(one[name] for name in names) for one in office.admin.call("res.partner", "search_read", answers_of, names)]

    office.wait_until(lambda: answer() == [("opted_out", "message")], "the refusal is obeyed")
    office.odoo.sql("UPDATE sicantik_permit SET expiry_date = expiry_date - 23 WHERE expiry_date IS NOT NULL")
    run_action(office.admin)
    deliver(office.admin)
    assert "pemohon1@contoh.test" in [letter["To"].addresses[0].addr_spec for letter in letterbox.letters]
    assert [taken.to for taken in meta.taken].count("6283601000001") == 1, "before the refusal"


def test_a_failure_is_explained_and_sent_again(office: Office, meta: Provider) -> None:
    meta.script(answers.error(132012), times=3)
    run_action(office.admin)
    office.wait_until(lambda: states(office) == ["failed"] * 3, "Meta refused all")
    assert all("values" in message["reason"] for message in messages(office)), messages(office)
    assert all(notice["state"] == "failed" for notice in notices(office))
    office.admin.call("sicantik.whatsapp.message", "action_send_again", [message["id"] for message in messages(office)])
    office.wait_until(lambda: set(states(office)) == {"delivered"}, "they arrived")
    assert len(meta.taken) == 3
    assert [notice["state"] for notice in notices(office)] == ["delivered"] * 3


def test_a_worker_that_is_killed_and_an_odoo_that_is_away_tell_nobody_twice(office: Office, meta: Provider) -> None:
    office.worker.stop()
    run_action(office.admin)
    assert states(office) == ["queued"] * 3
    assert all("worker" in message["reason"].lower() for message in messages(office))
    # One was taken, and nobody was told so.
    meta.script(answers.dropped(), to="+6283601000001")
    meta.person("+6283601000001").is_never_told_of()
    office.worker.start(**QUICK_LEASE)
    office.wait_until(lambda: len(meta.taken) >= 1, "the first one left")
    office.worker.kill()
    office.worker.start(**QUICK_LEASE)
    done = {"delivered", "unknown"}
    office.wait_until(lambda: set(states(office)) <= done, "each is known, or known to be unknown")
    assert not meta.twice()
    unknown = [message for message in messages(office) if message["state"] == "unknown"]
    assert "+6283601000001" in [message["number"] for message in unknown]
    assert all("nobody knows" in message["reason"] for message in unknown)


def test_the_keys_stand_nowhere_in_clear(office: Office, meta: Provider, odoo: Odoo) -> None:
    run_action(office.admin)
    office.wait_until(lambda: set(states(office)) == {"delivered"}, "they arrived")
    office.worker.stop()
    folder = office.worker.folder
    stored = [
        path for path in folder.iterdir() if path.name.startswith((f"store-{office.worker.port}", f"sent-{office.worker.port}"))
    ]
    assert len(stored) >= 2, stored
    said = [*(path.read_bytes() for path in stored), office.worker.log.read_bytes(), odoo.log_path.read_bytes()]
    for secret in SENDER.secrets.values():
        assert not any(secret.encode() in text for text in said), "a secret stands in a store or a log"
        assert odoo.sql(f"SELECT 1 AS found FROM sicantik_whatsapp_account a WHERE a::text LIKE '%{secret}%'") == []
    for number in ("836-0100", "83601000000"):
        assert not any(number.encode() in text for text in said[-2:]), "a number stands in a log"
