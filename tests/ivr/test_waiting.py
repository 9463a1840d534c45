"""What those who wait hear, and what they are asked: as plays."""

from pathlib import Path

import pytest

from ivr.scripts import Scripts
from ivr.texts import TEXTS
from ivr.waiting import wait_said
from schema.rules.services import Service
from tests.ivr.test_scripts import Call, done


@pytest.fixture
def scripts(tmp_path: Path) -> Scripts:
    for name, forms in TEXTS.items():
        for language in forms:
            file = tmp_path / language / f"{name}.wav"
            file.parent.mkdir(exist_ok=True)
            file.touch()
    services = (Service("hotline", callback_after=60), Service("quiet", queue="quiet"))
    return Scripts(tmp_path, default="zh", tries=2, wait=3, services=services)


def waits(*keys: str, say: str, queue: str = "hotline", number: str = "13900000001", **more: str) -> Call:
    variables = {
        "GRIDLINE_SAY": say,
        "GRIDLINE_QUEUE": queue,
        "GRIDLINE_LANGUAGE": "en",
        "CALLERID(num)": number,
    }
    return Call(*keys, **variables, **more)


class Promising(Call):
    """A caller whose promise the telephone room answers as soon as it is asked."""

    answer = "1"

    async def tell(self, what: str, **fields: str) -> None:
        await super().tell(what, **fields)
        if what == "CallBackAsked":
            self.variables["GRIDLINE_PROMISED"] = self.answer


@pytest.mark.parametrize(
    ("place", "seconds", "said"),
    [
        (1, 60, "next wait-short"),
        (1, -1, "next"),
        (3, 240, "place-before number-3 place-after wait-before number-4 wait-after"),
        (25, 4000, "place-before number-20 number-5 place-after wait-long"),
        (2, 61, "place-before number-2 place-after wait-before number-two-of wait-after"),
        (300, -1, "place-before number-3 number-100 place-after"),
    ],
)
def test_what_is_said_of_a_place_and_a_time(place: int, seconds: int, said: str) -> None:
    assert wait_said(place, seconds, "zh") == tuple(said.split())
    assert all(name in TEXTS for name in wait_said(place, seconds, "zh"))


def test_a_place_is_told_in_the_callers_language_and_that_it_was(scripts: Scripts) -> None:
    call = waits(say="place:1 seconds:60")
    done(scripts.run(call, "waiting"))
    assert call.said == ["en/next", "en/wait-short"]
    assert call.told == [("WaitTold", {"Position": "1", "Seconds": "60"})]


@pytest.mark.parametrize("say", ["offer", "key"])
def test_an_offer_that_is_not_taken_promises_nothing(scripts: Scripts, say: str) -> None:
    for keys in ((), ("2",), ("", "", "")):
        call = waits(*keys, say=say)
        done(scripts.run(call, "waiting"))
        assert call.said[0] == "en/callback-offer" and call.told == []


def test_a_number_is_read_back_and_must_be_confirmed(scripts: Scripts) -> None:
    call = waits("1", *[""] * 12, "2", say="offer")
    done(scripts.run(call, "waiting"))
    assert call.said[1:13] == ["en/callback-number", *(f"en/number-{digit}" for digit in "13900000001")]
    assert call.said[13:] == ["en/callback-confirm"]
    assert call.told == []


@pytest.mark.parametrize(("answer", "said"), [("1", "callback-promised"), ("0", "callback-refused")])
def test_only_what_the_telephone_room_has_is_promised(scripts: Scripts, answer: str, said: str) -> None:
    call = Promising("1", *[""] * 12, "1", **waits(say="offer").variables)
    call.answer = answer
    done(scripts.run(call, "waiting"))
    assert call.told == [("CallBackAsked", {"Number": "13900000001"})]
    assert call.said[-1] == f"en/{said}"
    assert call.variables["GRIDLINE_ASKED"] == "1"


def test_a_telephone_room_that_does_not_answer_promises_nothing(scripts: Scripts) -> None:
    call = waits("1", *[""] * 12, "1", say="offer", GRIDLINE_PROMISED="1")  # an earlier answer does not count
    done(scripts.run(call, "waiting"))
    assert call.said[-1] == "en/callback-refused"


@pytest.mark.parametrize(("queue", "number"), [("quiet", "13900000001"), ("hotline", ""), ("hotline", "a*b")])
def test_nothing_is_offered_that_could_not_be_kept(scripts: Scripts, queue: str, number: str) -> None:
    call = waits(say="key", queue=queue, number=number)
    done(scripts.run(call, "waiting"))
    assert call.said == []


def test_who_finds_the_line_full_is_told_so_first(scripts: Scripts) -> None:
    call = waits(say="full")
    done(scripts.run(call, "waiting"))
    assert call.said[:2] == ["en/full", "en/callback-offer"]


@pytest.mark.parametrize(
    ("reason", "how", "said"),
    [
        ("closed", "voicemail", ["closed", "leave-message"]),
        ("holiday", "message", ["holiday", "call-later"]),
        ("waited", "message", ["waited", "call-later"]),
        ("", "", ["waited", "call-later"]),
    ],
)
def test_who_is_sent_away_is_told_why(scripts: Scripts, reason: str, how: str, said: list[str]) -> None:
    call = Call(GRIDLINE_REASON=reason, GRIDLINE_AWAY=how)
    done(scripts.run(call, "away"))
    assert call.said == [f"zh/{name}" for name in said]


def test_a_message_is_confirmed(scripts: Scripts) -> None:
    call = Call()
    done(scripts.run(call, "kept"))
    assert call.said == ["zh/message-kept"]
