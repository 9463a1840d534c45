"""The doctor says what it found, one line each, and fails only on what is bad."""

import io
import json
import sys
from collections.abc import Iterator

import pytest

import conf
from conf.doctor import Check, Finding, default_checks, run
from conf.settings import Settings


def good(_settings: Settings) -> Iterator[Finding]:
    yield Finding("var", "ok", "80 GB free")


def doubtful(_settings: Settings) -> Iterator[Finding]:
    yield Finding("clock", "warn", "kept by nobody", "run chrony")


def ill(_settings: Settings) -> Iterator[Finding]:
    yield Finding("Asterisk", "bad", "none here", "run `make setup`")


def broken_check(_settings: Settings) -> Iterator[Finding]:
    raise RuntimeError("odd machine")
    yield  # a generator, as every check


def told(*checks: Check, as_json: bool = False) -> tuple[int, str]:
    out = io.StringIO()
    code = run(Settings(), as_json=as_json, checks=checks, out=out)
    return code, out.getvalue()


def test_each_finding_is_a_line_and_its_mend_below_it() -> None:
    code, text = told(good, doubtful, ill)
    assert code == 1
    assert text.splitlines() == [
        "ok    var: 80 GB free",
        "warn  clock: kept by nobody",
        "      → run chrony",
        "BAD   Asterisk: none here",
        "      → run `make setup`",
    ]


def test_a_warning_alone_is_no_failure() -> None:
    assert told(good, doubtful)[0] == 0


def test_a_check_that_breaks_is_bad_and_the_others_still_speak() -> None:
    code, text = told(broken_check, good)
    assert code == 1
    assert "broken check: could not be checked (RuntimeError: odd machine)" in text
    assert "ok    var" in text


def test_as_json_it_is_one_object() -> None:
    code, text = told(doubtful, as_json=True)
    assert code == 0
    assert json.loads(text) == {
        "findings": [{"check": "clock", "state": "warn", "text": "kept by nobody", "mend": "run chrony"}]
    }


def test_without_its_packages_the_doctor_still_looks_at_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "paho.mqtt.client", None)
    monkeypatch.delitem(sys.modules, "conf.checks_services", raising=False)
    monkeypatch.delattr(conf, "checks_services", raising=False)
    *machine, site = default_checks()
    assert len(machine) > 3
    (finding,) = site(Settings())
    assert (finding.check, finding.state, finding.mend) == ("site", "bad", "run `make setup`")


@pytest.mark.real
def test_on_this_machine_and_a_fresh_site_nothing_is_bad(site: Settings) -> None:
    out = io.StringIO()
    assert run(site, checks=default_checks(), out=out) == 0, out.getvalue()
    for check in (
        "Python",
        "Asterisk",
        "Mosquitto",
        "var",
        "clock",
        "ports",
        "database",
        "broker",
        "bus",
        "PBX",
    ):
        assert check in out.getvalue()
