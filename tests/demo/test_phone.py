"""The citizen's telephone, on two real ones: ring, answer, speak, press keys, hang up; and what goes wrong is told."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conf.children import ChildFailed
from conf.settings import Settings
from conf.tools import Tools
from demo.hearing import hear
from demo.phone import Phone, PhoneFailed
from tests.patience import LONG

pytestmark = pytest.mark.real


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[Callable[..., Phone]]:
    made: list[Phone] = []

    def make(number: str, server: str, tone: float) -> Phone:
        program = Tools(Settings().tools).baresip()
        made.append(Phone(program, tmp_path / number, number, server, auth=("x", "y"), tone=tone).start())
        return made[-1]

    yield make
    for each in made:
        each.stop()


def test_two_telephones_hear_each_other_and_keys_arrive(phone: Callable[..., Phone]) -> None:
    her = phone("200", "127.0.0.1:9", 700)
    him = phone("100", f"127.0.0.1:{her.port}", 440)
    him.dial("200")
    her.wait("CALL_INCOMING", LONG)
    her.answer()
    him.wait("CALL_ESTABLISHED", LONG)
    time.sleep(0.5)
    him.press("7")
    her.wait("CALL_DTMF_END", LONG)
    time.sleep(1)
    him.hang_up()
    her.wait("CALL_CLOSED", LONG)
    assert hear(him.heard()[0]).share(700) > 0.9 and not hear(him.heard()[0]).has(440)
    assert hear(her.heard()[0]).share(440) > 0.5, "a key tone may be in it too"


def test_what_does_not_happen_is_told_with_what_did(phone: Callable[..., Phone]) -> None:
    alone = phone("300", "127.0.0.1:9", 440)
    with pytest.raises(PhoneFailed, match="telephone 300: no CALL_INCOMING within 0 s; it saw nothing"):
        alone.wait("CALL_INCOMING", 0.1)


def test_a_telephone_that_is_off_does_nothing(tmp_path: Path) -> None:
    off = Phone(Tools(Settings().tools).baresip(), tmp_path, "400", "127.0.0.1:9", auth=("x", "y"))
    with pytest.raises(PhoneFailed, match="400 is off"):
        off.dial("1")
    assert off.pid == 0


def test_a_program_that_ends_at_once_is_tried_again_and_then_told(tmp_path: Path) -> None:
    broken = Phone(Path("/bin/false"), tmp_path, "500", "127.0.0.1:9", auth=("x", "y"))
    with pytest.raises(ChildFailed, match="telephone 500 ended at once"):
        broken.start()
