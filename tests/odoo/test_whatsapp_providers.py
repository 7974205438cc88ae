"""WhatsApp by the other providers, and by two of them: who takes over what, and what is never said twice."""

from collections.abc import Iterator
from typing import Any

import pytest
from letterbox import Letterbox
from notices import prepare, run_action
from offices import MakeOffice
from parts import QUICK_LEASE, Office
from providers import answers
from providers.account import Provider
from riglib.plugin import served
from riglib.server import Odoo
from riglib.session import Rig
from whatsapp import Sender, agree, messages, states

pytestmark = pytest.mark.one_version

DAYS = {"503/0001/CTH/2025": 30, "503/0002/CTH/2025": 30, "503/0003/CTH/2025": 30}


@pytest.fixture
def odoo(rig: Rig) -> Iterator[Odoo]:
    yield from served(rig, "sicantik_whatsapp")


@pytest.fixture
def office(odoo: Odoo, make_office: MakeOffice, letterbox: Letterbox) -> Office:
    """Three permits that reach 30 days, of contacts who agreed; no account yet."""
    office = make_office(permits=5)
    prepare(odoo, letterbox, count=3, days=DAYS)
    agree(office)
    return office


def open_account(office: Office, provider: Provider, sender: Sender, **values: Any) -> dict[str, Any]:
    """It works, its texts are approved, and the provider tells what becomes of messages."""
    account = sender.make_account(office, **values)
    sender.approve_texts(office, provider)
    sender.set_secrets(office, account)
    provider.subscribe(account["callback"], account["verify_token"])
    return account


def checked(office: Office, account: dict[str, Any]) -> dict[str, Any]:
    names = ["check_state", "check_reason", "number", "webhook_address"]
    return office.admin.call("sicantik.whatsapp.account", "read", [account["id"]], names)[0]


@pytest.mark.parametrize("name", ["twilio", "bird", "vonage"])
def test_a_notice_goes_by_each_provider_and_is_read(office: Office, name: str) -> None:
    sender = Sender(name)
    with sender.open() as provider:
        sender.point_worker_at(office, provider)
        office.worker.start(**QUICK_LEASE)
        account = open_account(office, provider, sender)
        office.admin.call("sicantik.whatsapp.account", "action_check", [account["id"]])
        office.wait_until(lambda: checked(office, account)["check_state"] != "never", "the account was checked")
        found = checked(office, account)
        # Behind the # stands how often Twilio calls again.
        address = found["webhook_address"].partition("#")[0]
        assert (found["check_state"], address) == ("ok", account["callback"]), found
        provider.person("+6283601000000").reads()
        provider.person("+6283601000001").is_not_on_whatsapp()
        run_action(office.admin)
        office.wait_until(lambda: sorted(states(office)) == ["delivered", "failed", "read"], "every receipt came")
        assert not provider.twice() and not provider.broken_limits()
        [failed] = [message for message in messages(office) if message["state"] == "failed"]
        assert (failed["number"], failed["why"]) == ("+6283601000001", "not_on_whatsapp"), failed
        provider.person("+6283601000000").writes("STOP")
        answer = [("whatsapp_number", "=", "+6283601000000"), ("whatsapp_consent", "=", "opted_out")]
        office.wait_until(lambda: office.admin.call("res.partner", "search_count", answer) == 1, "the refusal is obeyed")
        office.worker.stop()


def test_another_provider_takes_over_what_the_first_certainly_did_not_send(office: Office) -> None:
    of_meta, of_twilio = Sender("meta"), Sender("twilio")
    with of_meta.open() as meta, of_twilio.open() as twilio:
        of_meta.point_worker_at(office, meta)
        of_twilio.point_worker_at(office, twilio)
        office.worker.start(**QUICK_LEASE)
        first = open_account(office, meta, of_meta, sequence=1)
        second = open_account(office, twilio, of_twilio, sequence=2)
        # One may have gone out; then Meta does not accept the key any more.
        meta.script(answers.dropped(), to="+6283601000000")
        meta.person("+6283601000000").is_never_told_of()
        meta.script(answers.error(190), times=3, to="+6283601000001")
        meta.script(answers.error(190), times=3, to="+6283601000002")
        run_action(office.admin)
        wanted = ["delivered", "delivered", "unknown"]
        office.wait_until(lambda: sorted(states(office)) == wanted, "Twilio sent what Meta could not")
        by = {message["number"]: message["account_id"][0] for message in messages(office)}
        assert by == {
            "+6283601000000": first["id"],
            "+6283601000001": second["id"],
            "+6283601000002": second["id"],
        }
        assert sorted(taken.to for taken in twilio.taken) == ["6283601000001", "6283601000002"]
        assert [taken.to for taken in meta.taken] == ["6283601000000"]
        office.worker.stop()
