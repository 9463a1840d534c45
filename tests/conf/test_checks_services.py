"""What the doctor sees of a site: its ports, database, broker, bus and PBX configuration. On real servers."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from conf.checks_services import broker, bus, database, mqtt_answer, pbx_configuration, ports
from conf.doctor import Finding
from conf.ports import free_port
from conf.privateredis import PrivateRedis
from conf.settings import Bus, Database, Settings
from conf.tools import Asterisk

pytestmark = pytest.mark.real


def only(findings: Iterator[Finding]) -> Finding:
    (finding,) = findings
    return finding


def test_ports_not_drawn_yet_are_fine() -> None:
    finding = only(ports(Settings()))
    assert finding.state == "ok" and finding.text.endswith("drawn at the first start")


def test_a_strangers_port_is_named_with_its_owner_and_the_way_out(site: Settings) -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", site.web.port))
        stranger.listen()
        bad, free = sorted(ports(site), key=lambda f: f.state)
    assert bad.state == "bad" and f"port {site.web.port} (web.port) is taken by " in bad.text
    assert bad.mend == "end it, or choose another with GRIDLINE_WEB__PORT"
    assert "broker.port" in free.text and "web.port" not in free.text


def test_a_database_not_made_yet_is_fine_and_a_migrated_one_named(site: Settings, sqlite_url: str) -> None:
    assert only(database(site)).text == "sqlite is made at the first start"
    migrated = only(database(replace(site, database=Database(url=sqlite_url))))
    assert (migrated.state, migrated.text[:10]) == ("ok", "sqlite at ")


def test_an_empty_configured_database_wants_the_upgrade(site: Settings, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    (tmp_path / "empty.sqlite").touch()
    finding = only(database(replace(site, database=Database(url=url))))
    assert (finding.state, finding.mend) == ("bad", "run `gridline db upgrade`")


def test_a_database_that_does_not_answer_is_bad(site: Settings) -> None:
    url = f"postgresql://nobody:secret@127.0.0.1:{free_port()}/none"
    finding = only(database(replace(site, database=Database(url=url, connect_timeout=1))))
    assert finding.state == "bad" and "postgresql does not answer" in finding.text
    assert "secret" not in finding.text


def test_the_bus_answers_or_is_bad(site: Settings, redis: PrivateRedis) -> None:
    assert only(bus(site)).text == "in process"
    assert only(bus(replace(site, bus=Bus(url=redis.url)))).state == "ok"
    down = only(bus(replace(site, bus=Bus(url=f"redis://127.0.0.1:{free_port()}/0"))))
    assert down.state == "bad" and "Redis does not answer" in down.text


def test_a_broker_that_is_down_starts_with_the_site(site: Settings) -> None:
    assert only(broker(site)).text == "starts with the site"


def test_a_far_broker_that_is_down_is_bad(site: Settings) -> None:
    away = replace(site, broker=replace(site.broker, host="127.0.0.2"))
    finding = only(broker(away))
    assert finding.state == "bad" and "refused" in finding.text.lower()


def test_who_is_no_broker_gives_no_answer() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        assert mqtt_answer("127.0.0.1", silent.getsockname()[1]) == "no answer"


@pytest.mark.parametrize(
    ("text", "state"),
    [("[general]\nx = 1\n", "ok"), ("[general\nx = 1\n", "bad"), ("[general]\nno value\n", "bad")],
)
def test_a_configuration_that_cannot_be_read_is_named_by_file_and_line(
    site: Settings, text: str, state: str
) -> None:
    finding = only(pbx_configuration(site, _writing(text)))
    assert finding.state == state
    if state == "bad":
        assert finding.text.startswith("pjsip.conf, line ")


def test_our_own_configuration_can_be_read(site: Settings) -> None:
    finding = only(pbx_configuration(site))
    assert finding.state == "ok", finding.text


def test_the_configuration_of_a_site_never_started_can_be_read_and_draws_nothing(tmp_path: Path) -> None:
    finding = only(pbx_configuration(Settings(var=tmp_path / "var")))
    assert finding.state == "ok", finding.text
    assert not (tmp_path / "var").exists()


def _writing(text: str) -> Callable[[Settings, Asterisk], Path]:
    def render(settings: Settings, _tool: Asterisk) -> Path:
        file = settings.run / "asterisk" / "pjsip.conf"
        file.parent.mkdir(parents=True)
        file.write_text(text)
        return file

    return render
