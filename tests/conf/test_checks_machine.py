"""What the doctor sees of a machine: too little, too old, not ours, not on time."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from conf import checks_machine
from conf.checks_machine import clock, folder, kernel_says_synchronised, packages, programs, python
from conf.doctor import Finding
from conf.settings import Settings, Site
from conf.tools import Tools


def only(findings: object) -> Finding:
    (finding,) = findings  # type: ignore[misc]
    assert isinstance(finding, Finding)
    return finding


def test_this_python_is_new_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    assert only(python(Settings())).state == "ok"
    monkeypatch.setattr(checks_machine, "OLDEST_PYTHON", (99, 0))
    assert only(python(Settings())).state == "bad"


def test_packages_are_held_to_their_pins(tmp_path: Path) -> None:
    pins = tmp_path / "requirements.txt"
    pins.write_text("# a comment\nno-such-package==1.0\nsqlalchemy==0.1\n")
    finding = only(packages(Settings(), pins))
    assert finding.state == "bad"
    assert "no-such-package absent, wanted 1.0; sqlalchemy " in finding.text
    assert finding.mend == "run `make setup`"
    assert only(packages(Settings())).state == "ok"


def test_absent_programs_are_bad_only_if_a_site_needs_them(tmp_path: Path) -> None:
    nothing = Tools(tmp_path, {"PATH": str(tmp_path)}, sbin=(), postgres_root=tmp_path)
    found = {f.check: f for f in programs(Settings(), nothing)}
    assert {name for name, f in found.items() if f.state == "bad"} == {
        "Asterisk",
        "Mosquitto",
        "mosquitto_passwd",
        "espeak-ng",
    }
    assert {name for name, f in found.items() if f.state == "warn"} == {
        "Chromium",
        "baresip",
        "PostgreSQL",
        "Redis",
    }
    assert found["Chromium"].mend == "apt-get install chromium"
    assert "the demo and the tests want it" in found["Chromium"].text
    assert found["Asterisk"].mend == "run `make setup`"


def test_a_var_that_is_not_ours_is_bad(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    finding = only(folder(Settings(var=tmp_path / "file")))
    assert (finding.state, finding.check) == ("bad", "var")


@pytest.mark.parametrize(("limit", "state"), [("NO_ROOM", "bad"), ("LITTLE_ROOM", "warn")])
def test_too_little_room_is_told_before_it_runs_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, state: str
) -> None:
    assert only(folder(Settings(var=tmp_path / "not" / "yet"))).state == "ok"
    monkeypatch.setattr(checks_machine, limit, 1 << 62)
    assert only(folder(Settings(var=tmp_path / "not" / "yet"))).state == state


def test_secrets_that_others_can_read_are_bad(tmp_path: Path) -> None:
    site = tmp_path / "run" / "site.toml"
    site.parent.mkdir()
    site.touch(0o600)
    assert [f.check for f in folder(Settings(var=tmp_path))] == ["var"]
    site.chmod(0o644)
    secrets = list(folder(Settings(var=tmp_path)))[1]
    assert (secrets.check, secrets.state, secrets.mend) == ("secrets", "bad", f"chmod 600 {site}")


def test_the_clock_is_shown_in_the_sites_zone() -> None:
    finding = only(clock(Settings(), lambda: datetime(2026, 12, 1, 1, 30, tzinfo=UTC), lambda: True))
    assert (finding.state, finding.text) == ("ok", "2026-12-01 09:30 CST (Asia/Shanghai)")


def test_a_clock_in_the_past_a_drifting_one_and_an_unknown_zone_are_told() -> None:
    assert only(clock(Settings(), lambda: datetime(1970, 1, 1, tzinfo=UTC), lambda: True)).state == "bad"
    assert only(clock(Settings(), lambda: datetime(2027, 1, 1, tzinfo=UTC), lambda: False)).state == "warn"
    for zone in ("Mars/Olympus", "../etc/passwd", ""):
        assert only(clock(Settings(site=Site(zone=zone)))).state == "bad"


def test_the_kernel_can_be_asked() -> None:
    assert kernel_says_synchronised() in (True, False)
