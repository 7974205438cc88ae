"""How the worker speaks to a real Odoo, and what it says when it is not let in."""

import re

import pytest
from offices import MakeOffice

BY_JSON2 = re.compile(r'"POST /json/2/sicantik\.sync\.run/order HTTP')


def test_odoo_gets_the_protocol_of_its_version(make_office: MakeOffice, request: pytest.FixtureRequest) -> None:
    """JSON-2 from 19 on, /jsonrpc before."""
    office = make_office(permits=5)
    code, _, said = office.worker.run("types")
    assert code == 0, said
    with_json2 = request.config.getoption("--odoo") != "18"
    assert bool(BY_JSON2.search(office.odoo.log_path.read_text())) == with_json2


def test_both_protocols_serve_the_worker_of_19(make_office: MakeOffice, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--odoo") == "18":
        pytest.skip("18 has no JSON-2")
    office = make_office(permits=5)
    for protocol, found in (("jsonrpc", 0), ("json2", 1)):
        office.worker.environment["SICANTIK__ODOO__PROTOCOL"] = protocol
        code, _, said = office.worker.run("types")
        assert code == 0, said
        assert len(BY_JSON2.findall(office.odoo.log_path.read_text())) == found


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("DATABASE", "no_such_database", "no database named no_such_database"),
        ("API_KEY", "0" * 40, "the API key is wrong, expired or revoked. Pair the worker again"),
        ("DATABASE_UUID", "another", "not the database that the worker was paired with"),
    ],
)
def test_a_worker_that_is_not_let_in_says_what_to_do(make_office: MakeOffice, variable: str, value: str, sentence: str) -> None:
    office = make_office(permits=5)
    office.odoo.allow_log(r"odoo\.sql_db: Connection to the database failed", "the database is none")
    office.odoo.allow_log(r"WARNING .*(Invalid apikey|Login failed|Access Denied)", "the key is wrong")
    office.odoo.allow_log(r"no_such_database", "the database is none")
    right = dict(office.worker.environment)
    office.worker.environment[f"SICANTIK__ODOO__{variable}"] = value
    code, _, said = office.worker.run("types")
    assert code == 1
    assert sentence in said
    office.worker.environment = right
    assert office.worker.run("types")[0] == 0
