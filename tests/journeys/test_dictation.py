"""A prompt is spoken into a seat's telephone on the real PBX, and the next caller hears it; or it is refused."""

import time
import wave
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import select

from backoffice.dictations import take_in
from conf.layout import dictated_in
from cti.audit import audit
from demo.hearing import hear
from demo.phone import Phone
from schema.calls import CallRow, LegRow
from schema.desk import dictations
from schema.orders import DictatePrompt, Pause
from schema.people import User
from tests.journeys.callsite import CallSite, call_site
from tests.journeys.waiting import fact, hears
from tests.patience import LONG

pytestmark = [pytest.mark.real, pytest.mark.journey]
TONE, MAIN = 1234.0, "notice"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CallSite]:
    """A supervisor at seat 900, who takes no calls and whose voice is a tone."""
    with call_site(tmp_path_factory.mktemp("dictation")) as site:
        with site.store.work() as work:
            boss = User(login="boss", name="孙宁", post="supervisor", password="!")
            work.session.add(boss)
            work.session.flush()
            site.users["boss"] = boss.id
        site.seat("900", answers="auto", tone=TONE)
        site.order(Pause(seat="900", reason="supervises"))
        yield site


def speak(site: CallSite) -> UUID:
    """The telephone is rung for the first words that callers hear, and has answered."""
    order = DictatePrompt(by=site.users["boss"], seat="900", language="zh", name=MAIN)
    with site.store.work() as work:
        dictations.ask(work, order)
    site.order_is(order.order, "observed")
    site.until(lambda: True if step(site, order.order)[0] == "speaking" else None, "it is answered", LONG)
    return order.order


def step(site: CallSite, id: UUID) -> tuple[str, str]:
    with site.store.read() as session:
        row = dictations.find(session, id)
        assert row is not None
        return dictations.step(session, row)


def being_written(site: CallSite, id: UUID, seconds: float) -> None:
    """Wait until so much of the voice is in the file."""
    file = dictated_in(site.settings) / f"{id}.wav"
    wanted = 44 + seconds * 16_000
    site.until(lambda: True if file.is_file() and file.stat().st_size > wanted else None, "the voice", LONG)


def done(site: CallSite, id: UUID) -> str:
    """The PBX says how it ended; it is taken in; nothing is left of the call, and the seat is as it was."""
    told = fact(site, "PromptDictated", call=str(id))
    take_in(site.settings, site.store, id)
    site.until(lambda: True if site.channels() == 0 else None, "no channel is left", LONG)
    site.seat_is("900", "paused")
    with site.store.read() as session:
        row = session.get(CallRow, id)
        assert row is None or row.purpose == "prompt"
    return str(told["how"])


def pitch(samples: np.ndarray) -> float:
    """The loudest frequency, in Hz, of sound at 8 kHz."""
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.fft.rfftfreq(len(samples), 1 / 8000)[int(np.argmax(power))])


def custom(site: CallSite) -> Path:
    return site.settings.prompts / "custom" / "zh" / f"{MAIN}.wav"


def test_what_was_spoken_is_what_the_next_caller_hears(site: CallSite) -> None:
    phone: Phone = site.phones[0]
    id = speak(site)
    hears(site, phone, "zh", "dictate")
    being_written(site, id, 2.0)
    phone.press("#")
    assert done(site, id) == "key" and step(site, id) == ("kept", "")
    with wave.open(str(custom(site))) as kept:
        assert kept.getparams()[:3] == (1, 2, 8000) and 1.5 < kept.getnframes() / 8000 < 10
        said = np.frombuffer(kept.readframes(kept.getnframes()), dtype="<i2").astype(np.float64)
    assert pitch(said[4000:12_000]) == pytest.approx(TONE, abs=8)
    assert list(dictated_in(site.settings).iterdir()) == []

    caller = site.citizen("13800000301")
    caller.dial("12345")
    fact(site, "NoticePlayed", call=str(site.call_is("13800000301").id))
    caller.hang_up()
    site.call_is("13800000301", outcome="abandoned")
    time.sleep(0.3)  # the telephone closes its file
    heard = hear(caller.heard()[-1]).samples
    loud = np.flatnonzero(np.abs(heard) > 0.05)
    assert pitch(heard[loud[0] : loud[0] + 8000]) == pytest.approx(TONE, abs=8), "the prompt is the tone"


def test_hanging_up_ends_it_too_and_before_the_tone_there_is_nothing(site: CallSite) -> None:
    custom(site).unlink(missing_ok=True)
    phone = site.phones[0]
    id = speak(site)
    phone.hang_up()
    assert done(site, id) == "nothing" and step(site, id) == ("refused", "nothing")
    assert not custom(site).exists()
    id = speak(site)
    being_written(site, id, 1.0)
    phone.hang_up()
    assert done(site, id) == "hangup" and step(site, id) == ("kept", "")
    assert custom(site).is_file()


def test_the_pbxs_own_log_agrees_with_the_rows_about_every_telephone_that_was_rung(site: CallSite) -> None:
    pbx, far = site.settings.pbx, datetime(2000, 1, 1, tzinfo=UTC)
    log = site.settings.var / "log" / pbx.folder
    with site.store.read() as session:
        rang = session.scalars(select(LegRow.kind).where(LegRow.seat == "900")).all()
        found = audit(session, pbx.node, pbx.trunk_user, log, far, far.replace(year=2100))
    assert len(rang) >= 3 and set(rang) == {"watcher"}, (
        "no recording is owed of a telephone that speaks a prompt"
    )
    assert found.legs > len(rang) and found.differences == []
