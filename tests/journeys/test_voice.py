"""What callers hear and what their keys do: the voice room behind the real PBX, a telephone with a voice before it."""

import time
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from conf.children import Child
from cti.speaks import call_citizen
from demo.phone import Phone
from schema.cases import Case
from schema.ids import uuid7
from schema.rules.dialogue import prompt_name
from schema.store import Store
from tests.journeys.voiceroom import (
    CHOOSE,
    CITIZEN,
    HOTLINE,
    HOURS,
    MAIN,
    Ear,
    answers,
    ends,
    own_menus,
    room,
)
from tests.patience import until
from tests.real.pbx import RealPbx

pytestmark = pytest.mark.real
__all__ = ["own_menus", "room"]


def test_a_caller_hears_the_notice_and_chooses_a_language_by_a_key(
    pbx: RealPbx, room: Child, phone: Callable[..., Phone]
) -> None:
    caller = phone(CITIZEN, pbx.carrier, tone=0)
    caller.dial(HOTLINE)
    contact = pbx.ears.told("Entered")["Contact"]
    assert pbx.ears.told("NoticePlayed")["Contact"] == contact
    caller.press("2")  # during the first of three prompts
    chosen = pbx.ears.told("LanguageChosen")
    assert (chosen["Contact"], chosen["Call"], chosen["Language"], chosen["Key"]) == (
        contact,
        contact,
        "en",
        "2",
    )
    queued = pbx.ears.told("Queued")
    assert (queued["Contact"], queued["Spoken"]) == (contact, "en")
    assert (
        pbx.mouth.say(Action="Getvar", Channel=queued["Channel"], Variable="CHANNEL(language)")["Value"]
        == "en"
    )
    ends(pbx, caller)
    ear = Ear(caller, pbx.settings.prompts)
    assert ear.says("zh/notice") and ear.says("en/notice-again")
    assert not ear.says(f"ug/{CHOOSE}"), "the key stopped the prompts"
    assert not ear.says("en/wrong-key")


def test_a_wrong_key_is_told_and_silence_ends_in_the_default(
    pbx: RealPbx, room: Child, phone: Callable[..., Phone]
) -> None:
    caller = phone(CITIZEN, pbx.carrier, tone=0)
    caller.dial(HOTLINE)
    pbx.ears.told("NoticePlayed")
    caller.press("9")
    chosen = pbx.ears.told("LanguageChosen", 15)
    assert (chosen["Language"], chosen["Key"]) == ("zh", "")
    assert pbx.ears.told("Queued")["Spoken"] == "zh"
    ends(pbx, caller)
    ear = Ear(caller, pbx.settings.prompts)
    for prompt in ("zh/wrong-key", f"zh/{CHOOSE}", f"en/{CHOOSE}", f"ug/{CHOOSE}"):
        assert ear.says(prompt), f"{prompt}: {ear.likeness(prompt):.2f}"


def test_a_wrong_key_at_every_try_leads_to_an_agent(
    pbx: RealPbx, room: Child, phone: Callable[..., Phone]
) -> None:
    caller = phone(CITIZEN, pbx.carrier, tone=0)
    caller.dial(HOTLINE)
    pbx.ears.told("NoticePlayed")
    for key in "98":
        caller.press(key)
        time.sleep(1)
    assert pbx.ears.told("MenusWalked", 5)["Path"] == "language:silent"
    assert pbx.ears.told("Queued", 2)["Spoken"] == "zh"
    ends(pbx, caller)


def test_who_hangs_up_while_keying_in_a_number_is_counted_there_and_nothing_is_left(
    own_menus: None, pbx: RealPbx, room: Child, phone: Callable[..., Phone]
) -> None:
    until(lambda: (pbx.settings.prompts / "voice.json").is_file(), what="the book counts")
    caller = phone(CITIZEN, pbx.carrier, tone=0)
    caller.dial(HOTLINE)
    pbx.ears.told("NoticePlayed")
    caller.press("2")
    answers(pbx, caller, (f"en/{prompt_name(MAIN)}", "4"), ("en/case-ask", "2026"))
    time.sleep(0.5)  # the keys have come
    ends(pbx, caller)
    walked = pbx.ears.told("MenusWalked")
    assert (walked["Path"], walked["Left"]) == ("language:2 main:4", "case")
    assert "Traceback" not in room.log.read_text("utf-8"), "a hang-up is no failure"


def test_keys_lead_through_the_menus_of_the_site(
    own_menus: None, pbx: RealPbx, room: Child, phone: Callable[..., Phone]
) -> None:
    until(lambda: (pbx.settings.prompts / "voice.json").is_file(), what="the book counts")
    caller = phone(CITIZEN, pbx.carrier, tone=0)
    caller.dial(HOTLINE)
    pbx.ears.told("NoticePlayed")
    caller.press("2")
    assert pbx.ears.told("LanguageChosen")["Language"] == "en"
    main, hours = (f"en/{prompt_name(text)}" for text in (MAIN, HOURS))
    answers(pbx, caller, (main, "2"), (hours, "3"))
    assert not [m for m in pbx.ears.heard if m.get("What") == "Queued"]
    answers(pbx, caller, ("en/status-taken-in", "0"))
    assert pbx.ears.told("Queued")["Spoken"] == "en"
    ends(pbx, caller)
    assert pbx.ears.told("MenusWalked")["Path"] == "language:2 main:2 main:3 main:0"
    ear = Ear(caller, pbx.settings.prompts)
    assert ear.says("en/status-before") and ear.says("en/status-taken-in")
    for prompt in (main, hours):
        assert ear.says(prompt), f"{prompt}: {ear.likeness(prompt):.2f}"
    assert not ear.says("en/wrong-key")


def test_a_case_is_told_by_its_number_to_who_proves_it(
    own_menus: None, pbx: RealPbx, room: Child, phone: Callable[..., Phone]
) -> None:
    until(lambda: (pbx.settings.prompts / "voice.json").is_file(), what="the book counts")
    store = Store.of(pbx.settings)
    with store.read() as session:
        case = session.scalars(select(Case)).one()
    store.close()
    caller = phone("13911110000", pbx.carrier, tone=0)
    caller.dial(HOTLINE)
    pbx.ears.told("NoticePlayed")
    caller.press("2")
    assert pbx.ears.told("LanguageChosen")["Language"] == "en"
    number = "".join(one for one in case.case_no if one.isdigit()) + "#"
    answers(
        pbx, caller, (f"en/{prompt_name(MAIN)}", "4"), ("en/case-ask", number), ("en/case-check", "0000"),
        ("en/case-wrong", "8000"), ("en/case-due", ""),
    )  # fmt: skip
    time.sleep(4)  # until when, and the menu again: a key during either leads on from it
    caller.press("0")
    pbx.ears.told("Queued")
    ends(pbx, caller)
    assert pbx.ears.told("MenusWalked")["Path"] == "language:2 main:4 case:told main:0"
    ear = Ear(caller, pbx.settings.prompts)
    for prompt in ("case-ask", "case-check", "case-wrong", "case-number", "status-taken-in", "case-due"):
        assert ear.says(f"en/{prompt}"), f"{prompt}: {ear.likeness(f'en/{prompt}'):.2f}"
    assert not ear.says("en/case-unknown")


def test_a_hang_up_in_the_middle_of_the_notice_ends_the_script_and_the_next_call_is_served(
    pbx: RealPbx, room: Child, phone: Callable[..., Phone]
) -> None:
    caller = phone(CITIZEN, pbx.carrier, tone=0)
    caller.dial(HOTLINE)
    caller.wait("CALL_ESTABLISHED")
    time.sleep(1)
    ends(pbx, caller)
    assert not [m for m in pbx.ears.heard if m.get("What") in ("NoticePlayed", "LanguageChosen", "Queued")]
    caller.dial(HOTLINE)
    pbx.ears.told("NoticePlayed")
    caller.press("3")
    assert pbx.ears.told("LanguageChosen")["Language"] == "ug"
    ends(pbx, caller)
    assert "Traceback" not in room.log.read_text("utf-8"), "a hang-up is no failure"


def test_a_voice_room_that_dies_in_the_middle_costs_the_caller_nothing(
    pbx: RealPbx, room: Child, phone: Callable[..., Phone]
) -> None:
    caller = phone(CITIZEN, pbx.carrier, tone=0)
    caller.dial(HOTLINE)
    caller.wait("CALL_ESTABLISHED")
    time.sleep(1)
    room.kill()
    assert pbx.ears.told("Queued", 6)["Spoken"] == "zh"
    ends(pbx, caller)


def visit(pbx: RealPbx, language: str) -> tuple[UUID, UUID, UUID]:
    """Have a citizen called back; returns contact, call and case."""
    contact, call, case = uuid7(), uuid7(), uuid7()
    said = call_citizen(CITIZEN, call, contact, case, language, HOTLINE, ring_ms=5000)
    variables = said.pop("Variable")
    pbx.mouth.say(**said, Variable=",".join(variables))  # type: ignore[arg-type]
    return contact, call, case


def test_a_citizen_rates_by_a_key_hears_what_was_chosen_and_is_let_go(
    pbx: RealPbx, room: Child, phone: Callable[..., Phone]
) -> None:
    home = phone(CITIZEN, pbx.carrier, tone=0, port=pbx.settings.pbx.trunk_port, answers="auto")
    contact, call, case = visit(pbx, "en")
    pbx.ears.told("Visited")
    answers(pbx, home, ("en/rate", "4"))
    rated = pbx.ears.told("RatingGiven")
    assert (rated["Contact"], rated["Call"]) == (str(contact), str(call))
    assert (rated["Case"], rated["Score"]) == (str(case), "4")
    home.wait("CALL_CLOSED")
    assert pbx.quiet()
    time.sleep(0.3)
    ear = Ear(home, pbx.settings.prompts)
    for prompt in ("en/visit-greeting", "en/rate", "en/rated-4", "en/thanks"):
        assert ear.says(prompt), f"{prompt}: {ear.likeness(prompt):.2f}"
    assert not ear.says("en/goodbye")


def test_a_citizen_who_says_nothing_is_thanked_and_let_go_unrated(
    pbx: RealPbx, room: Child, phone: Callable[..., Phone]
) -> None:
    home = phone(CITIZEN, pbx.carrier, tone=0, port=pbx.settings.pbx.trunk_port, answers="auto")
    visit(pbx, "ug")
    pbx.ears.told("Visited")
    home.wait("CALL_CLOSED", 40)
    assert pbx.quiet()
    time.sleep(0.3)
    assert not [m for m in pbx.ears.heard if m.get("What") == "RatingGiven"]
    ear = Ear(home, pbx.settings.prompts)
    assert ear.says("ug/rate") and ear.says("ug/goodbye") and not ear.says("ug/thanks")
