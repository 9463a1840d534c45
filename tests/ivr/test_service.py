"""The voice room as a service: it listens on the loopback alone and ends what it holds when it stops."""

from dataclasses import replace
from pathlib import Path

import pytest
from twisted.internet.testing import MemoryReactorClock

from conf.settings import Settings
from ivr.service import Ivr
from ivr.texts import TEXTS
from tests.ivr.wire import Socket

HEAD = b"agi_request: agi://127.0.0.1:4573/reception\n\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for name in TEXTS:
        file = tmp_path / "prompts" / "zh" / f"{name}.wav"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    base = Settings(var=tmp_path)
    return replace(base, pbx=replace(base.pbx, agi_port=4573))


def test_it_listens_on_the_loopback_and_plays_what_the_site_has(settings: Settings) -> None:
    reactor = MemoryReactorClock()
    room = Ivr(settings, reactor)
    assert reactor.tcpServers == []
    room.start()
    [(port, factory, _backlog, interface)] = reactor.tcpServers
    assert (port, interface) == (4573, "127.0.0.1")
    session, transport = factory.buildProtocol(None), Socket()
    session.makeConnection(transport)
    session.dataReceived(HEAD)
    assert transport.value() == b'GET VARIABLE "CALLERID(num)"\n'
    transport.clear()
    session.dataReceived(b"200 result=1 (13800138000)\n")
    assert transport.value() == b'SET VARIABLE "TIMEOUT(absolute)" "90"\n'
    transport.clear()
    session.dataReceived(b"200 result=1\n")
    assert transport.value().decode() == f'EXEC "Playback" "{settings.prompts / "zh" / "notice"}"\n'
    room.stop()
    assert transport.disconnected, "the call goes on in the dialplan"
    session.connectionLost()
    assert reactor.getDelayedCalls() == []


def test_stopping_what_never_started_is_nothing(settings: Settings) -> None:
    done: list[object] = []
    Ivr(settings, MemoryReactorClock()).stop().addCallback(done.append)
    assert done == [None]
