from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cti.pbxlog import Channel, EventLog, since
from schema.ids import uuid7

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
BEGAN = int(NOON.timestamp())
ZONES = timedelta(hours=8)


class Log:
    """A hand-made event log of a PBX in Shanghai; times are seconds from noon there."""

    def __init__(self, file: Path) -> None:
        self.file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()

    def say(self, at: float, what: str, channel: str, bridge: str = "") -> None:
        local = (NOON + ZONES + timedelta(seconds=at)).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        extra = f'"{{""bridge_id"":""{bridge}""}}"' if bridge else '""'
        uniqueid = f"{BEGAN}.{channel.rpartition('-')[2]}"
        with self.file.open("a", encoding="utf-8") as out:
            out.write(f'"{what}","{local}","139","s","ctx","{channel}","{uniqueid}","{BEGAN}.1",{extra}\n')

    def read(self) -> dict[str, Channel]:
        return {channel.name: channel for channel in EventLog().read(self.file).channels.values()}


def test_talk_is_time_in_company_whoever_comes_and_goes(tmp_path: Path) -> None:
    log = Log(tmp_path / "Master.csv")
    citizen, seat, expert = "PJSIP/carrier-1", "PJSIP/seat101-2", "PJSIP/carrier-3"
    for channel in (citizen, seat, expert):
        log.say(0, "CHAN_START", channel)
    log.say(1, "ANSWER", citizen)
    log.say(10, "BRIDGE_ENTER", citizen, "b")
    log.say(12, "BRIDGE_ENTER", seat, "b")
    log.say(20, "BRIDGE_ENTER", expert, "b")
    log.say(25, "BRIDGE_EXIT", seat, "b")
    log.say(26.5, "BRIDGE_EXIT", expert, "b")
    log.say(40, "CHAN_END", citizen)
    found = log.read()
    assert [round(found[channel].talked, 3) for channel in (citizen, seat, expert)] == [14.5, 13, 6.5]
    assert found[citizen].started == NOON and found[citizen].answered == NOON + timedelta(seconds=1)
    assert found[citizen].ended == NOON + timedelta(seconds=40) and found[seat].ended is None


def test_lines_that_are_not_whole_are_passed_over(tmp_path: Path) -> None:
    log = Log(tmp_path / "Master.csv")
    log.say(0, "CHAN_START", "PJSIP/carrier-1")
    with log.file.open("a", encoding="utf-8") as out:
        out.write('"ANSWER","no time","1","s","c","PJSIP/carrier-1","1.1","1.1",""\n"BRIDGE_ENTER","2026-')
    assert list(log.read()) == ["PJSIP/carrier-1"]
    assert EventLog().begins is None


def test_only_the_end_of_a_long_log_is_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cti.pbxlog.PIECE", 500)
    log = Log(tmp_path / "Master.csv")
    for second in range(60):
        log.say(second, "CHAN_START" if second % 10 == 0 else "ANSWER", f"PJSIP/carrier-{second}", "")
    found = since(log.file, NOON + timedelta(seconds=50))
    assert [line.at for line in found] == [NOON + timedelta(seconds=second) for second in range(50, 60)]
    assert len(since(log.file, NOON)) == 60


def test_a_line_says_bridge_cause_and_what_the_channel_carries(tmp_path: Path) -> None:
    log = Log(tmp_path / "Master.csv")
    log.say(0, "BRIDGE_ENTER", "PJSIP/carrier-1", "b")
    whole = log.file.read_text("utf-8").strip() + ',"the contact"\n'
    log.file.write_text(whole + '"ANSWER","no time","","","","","","","",""\n', "utf-8")
    (line,) = since(log.file, datetime.min.replace(tzinfo=UTC))
    assert (line.what, line.name, line.uniqueid) == ("BRIDGE_ENTER", "PJSIP/carrier-1", f"{BEGAN}.1")
    assert (line.extra, line.carried) == ({"bridge_id": "b"}, "the contact")


def test_a_channel_that_we_placed_has_an_id_of_ours_and_is_read_like_any_other(tmp_path: Path) -> None:
    log = Log(tmp_path / "Master.csv")
    log.say(0, "CHAN_START", "PJSIP/carrier-1")
    placed, name = str(uuid7()), "PJSIP/seat900-2"
    for at, what in ((2, "CHAN_START"), (3, "ANSWER"), (9, "CHAN_END")):
        local = (NOON + ZONES + timedelta(seconds=at)).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        with log.file.open("a", encoding="utf-8") as out:
            out.write(f'"{what}","{local}","900","s","ctx","{name}","{placed}","{placed}",""\n')
    channel = log.read()[name]
    assert (channel.uniqueid, channel.started) == (placed, NOON + timedelta(seconds=2))
    assert (channel.answered, channel.ended) == (NOON + timedelta(seconds=3), NOON + timedelta(seconds=9))
