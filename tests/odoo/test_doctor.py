"""`sicantik doctor` and the worker's metrics beside a real Odoo."""

import pytest
from offices import MakeOffice
from parts import WAIT_SECONDS
from riglib.processes import wait_until


def test_the_doctor_finds_a_sound_chain_and_its_breaks(make_office: MakeOffice) -> None:
    office = make_office(permits=5)
    office.worker.start()
    code, states, said = office.worker.doctor()
    assert code == 0, said
    assert set(states.values()) == {"good"}, said
    for name in ("SICANTIK__ODOO__API_KEY", "SICANTIK__HOOK__KEY"):
        assert office.worker.environment[name] not in said
    office.wait_until(lambda: office.read_config("worker_key_fingerprint"), "what secrets are sealed to")
    assert office.read_config("worker_key_fingerprint") in said

    office.simulator.stop()
    office.worker.stop()
    code, states, said = office.worker.doctor()
    assert (code, states["worker address"], states["hook"], states["SICANTIK"]) == (1, "bad", "skipped", "bad"), said

    office.odoo.sql("UPDATE sicantik_config SET active = false")
    assert office.worker.doctor()[1]["configurations"] == "bad"

    office.odoo.sql("INSERT INTO ir_config_parameter (key, value) VALUES ('database.is_neutralized', 'true')")
    office.odoo.restart()
    assert office.worker.doctor()[1]["no neutralised copy"] == "bad"


def test_the_service_counts_its_calls_by_protocol(make_office: MakeOffice, request: pytest.FixtureRequest) -> None:
    office = make_office(permits=5)
    office.worker.start()
    office.wait_end(office.order("types"))
    protocol = "jsonrpc" if request.config.getoption("--odoo") == "18" else "json2"
    worker = office.worker
    assert worker.process
    # Odoo shows the end of the run a moment before the worker has its answer.
    ended = 'sicantik_runs_total{kind="types",state="done"} 1'
    wait_until(lambda: ended in worker.metrics(), process=worker.process, seconds=WAIT_SECONDS, what="the count of the run")
    text = worker.metrics()
    assert f'sicantik_odoo_calls_total{{protocol="{protocol}",method="sicantik.sync.run.finish",outcome="ok"}} 1' in text
    assert "sicantik_odoo_up 1" in text
    ready = worker.get("readyz")
    assert (ready["status"], ready["odoo"], ready["store"]) == ("ready", "ok", "ok"), ready
    assert not any(job["late"] for job in ready["jobs"].values()), ready
