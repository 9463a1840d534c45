"""The voice room behind the real PBX for the length of a test, and an ear that knows its prompts."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from conf.children import Child, listens
from conf.settings import Settings
from demo.hearing import hear
from demo.phone import Phone
from schema.defaults import default_body
from schema.desk.cases import file_case
from schema.desk.rulechanges import change_rulebook
from schema.orders import ChangeRulebook, FileCase
from schema.people import User
from schema.places import GridCell
from schema.rules.dialogue import texts_of
from schema.rules.voicebook import read_voice
from schema.store import Store
from schema.upgrade import upgrade
from tests.patience import until
from tests.real.pbx import RealPbx
from tests.real.prompts import lay_prompts

HOTLINE, CITIZEN = "12345", "13800138000"


CELL = "330106001001001"


(CHOOSE,) = texts_of(read_voice(default_body("voice")))


HOURS = {
    "zh": "工作时间为每天八点到二十点。",
    "en": "We are open from eight to twenty every day.",
    "ug": "ھەر كۈنى سەككىزدىن يىگىرمىگىچە.",
}


MAIN = {"zh": "工作时间请按二。", "en": "For the hours, press two.", "ug": "ۋاقىت ئۈچۈن ئىككىنى بېسىڭ."}


CHECKOUT = Path(__file__).resolve().parents[2]


ROOM = """
from twisted.internet import asyncioreactor
asyncioreactor.install()
from twisted.internet import reactor
from conf.settingsfile import load
from ivr.service import Ivr
from schema.store import Store
settings = load()
store = Store.of(settings) if (settings.var / "gridline.sqlite").is_file() else None
reactor.callWhenRunning(Ivr(settings, reactor, store).start)
reactor.run()
"""


@contextmanager
def voice_room(site: Settings, **more: str) -> Iterator[Child]:
    """The voice room alone in a process of its own; 1 s for a key, two tries; `more` of its environment."""
    lay_prompts(site.prompts)
    env = os.environ | {
        "GRIDLINE_VAR": str(site.var), "GRIDLINE_IVR__DIGIT_TIMEOUT": "1", "GRIDLINE_IVR__TRIES": "2"
    } | more  # fmt: skip
    child = Child(
        "voice room",
        [sys.executable, "-c", ROOM],
        site.var / "log" / "ivr.log",
        ready=lambda: listens(site.pbx.agi_port),
        env=env,
        cwd=CHECKOUT,
    )
    child.start().wait_ready(20)
    try:
        yield child
    finally:
        child.stop()


@pytest.fixture
def room(site: Settings) -> Iterator[Child]:
    """The voice room as it comes."""
    with voice_room(site) as child:
        yield child


@pytest.fixture
def own_menus(site: Settings) -> None:
    """The site has a book of its own: behind the languages a menu that tells the hours."""
    publish(site)


def publish(site: Settings, **more: Any) -> None:
    """A book whose language menu leads to a menu that tells the hours, with `more` beside; and a case of a citizen."""
    body = json.loads(json.dumps(default_body("voice"))) | more
    body["menus"]["language"]["keys"]["2"]["then"] = {"do": "menu", "to": "main"}
    body["menus"]["main"] = {
        "names": {"zh": "主菜单"}, "say": MAIN, "silent": {"do": "service"},
        "keys": {"2": {"do": "say", "say": HOURS}, "3": {"do": "status"}, "4": {"do": "case"}, "0": {"do": "service"}},
    }  # fmt: skip
    upgrade(site.database_url)
    store = Store.of(site)
    with store.work() as work:
        admin = User(login="admin", name="孙宁", post="admin", password="!")
        work.session.add_all([admin, GridCell(code=CELL, name="一", ring=[[120, 30], [121, 30], [121, 31]])])
        work.session.flush()
        change_rulebook(work, ChangeRulebook(by=admin.id, name="voice", version=0, body=json.dumps(body)))
    with store.work() as work:
        file_case(
            work,
            FileCase(
                by=None,
                class_="social",
                kind="complaint",
                title="路灯不亮",
                text="三天没有亮",
                cell=CELL,
                number=CITIZEN,
            ),
        )
    store.close()
    lay_prompts(site.prompts, texts_of(read_voice(body)))


class Ear:
    """What a telephone heard in its last call, searched for prompts."""

    def __init__(self, phone: Phone, prompts: Path) -> None:
        self._heard = hear(phone.heard()[-1]).samples
        self._prompts = prompts

    def likeness(self, prompt: str) -> float:
        """How like the prompt ("zh/notice") the best-fitting place is: the median correlation of its half seconds."""
        said = hear(self._prompts / f"{prompt}.wav").samples
        pieces = [said[n : n + 4000] for n in range(0, max(1, len(said) - 4000), 4000)]
        return float(np.median([_best(self._heard, p) for p in pieces if np.sqrt(np.mean(p**2)) > 0.02]))

    def says(self, prompt: str) -> bool:
        return self.likeness(prompt) > 0.8

    def seconds(self, prompt: str) -> float:
        """How long a prompt is."""
        said = hear(self._prompts / f"{prompt}.wav")
        return len(said.samples) / said.rate


def _best(heard: NDArray[np.float64], piece: NDArray[np.float64]) -> float:
    """The highest normalised correlation of `piece` with any place of `heard`."""
    if len(heard) < len(piece):
        return 0.0
    size = 1 << (len(heard) + len(piece)).bit_length()
    match = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(piece, size)), size)
    match = match[: len(heard) - len(piece) + 1]
    power = np.concatenate([[0.0], np.cumsum(heard**2)])
    energy = power[len(piece) :] - power[: -len(piece)]
    floor = 1e-3 * float(np.sum(piece**2))
    return float(np.max(match / np.sqrt(np.maximum(energy, floor) * np.sum(piece**2))))


def answers(pbx: RealPbx, caller: Phone, *steps: tuple[str, str]) -> None:
    """The caller presses keys, each time once the prompt before them has been heard: ``("en/case-ask", "2026#")``."""
    for prompt, keys in steps:
        until(lambda prompt=prompt: Ear(caller, pbx.settings.prompts).says(prompt), what=prompt, every=0.3)  # type: ignore[misc]
        time.sleep(Ear(caller, pbx.settings.prompts).seconds(prompt) / 2)  # half of it is enough to be known
        caller.press(keys)


def ends(pbx: RealPbx, caller: Phone) -> None:
    """The caller hangs up; nothing is left of the call."""
    caller.hang_up()
    assert pbx.quiet()
    time.sleep(0.3)  # the telephone closes its file
