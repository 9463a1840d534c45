"""What more callers may meet: their own language again, news of the day, a text message with the answer."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from conf.children import Child
from demo.phone import Phone
from schema.cases import Case
from schema.notices import Notice
from schema.rules.dialogue import prompt_name
from schema.rules.notices import STATUS_TEXT
from schema.store import Store
from tests.journeys.voiceroom import (
    CHOOSE,
    CITIZEN,
    HOTLINE,
    MAIN,
    Ear,
    answers,
    ends,
    own_menus,
    publish,
    room,
    voice_room,
)
from tests.patience import until
from tests.real.pbx import RealPbx

pytestmark = pytest.mark.real
__all__ = ["own_menus", "room"]
NEWS = {
    "zh": "今天下午文三路停水，请提前储水。",
    "en": "The water is off in Wensan road from two to six this afternoon. Please keep some in the house. "
    "Tank lorries stand at the school and at the market all day.",
    "ug": "بۈگۈن چۈشتىن كېيىن سۇ توختايدۇ.",
}


def test_who_rings_again_is_met_in_the_language_they_chose(
    pbx: RealPbx, room: Child, phone: Callable[..., Phone]
) -> None:
    caller = phone(CITIZEN, pbx.carrier, tone=0)
    caller.dial(HOTLINE)
    pbx.ears.told("NoticePlayed")
    caller.press("3")
    assert pbx.ears.told("LanguageChosen")["Language"] == "ug"
    ends(pbx, caller)
    pbx.ears.heard.clear()
    caller.dial(HOTLINE)
    pbx.ears.told("NoticePlayed", 20)
    chosen = pbx.ears.told("LanguageChosen", 20)
    assert (chosen["Language"], chosen["Key"]) == ("ug", ""), "silence keeps it"
    assert pbx.ears.told("Queued")["Spoken"] == "ug"
    ends(pbx, caller)
    ear = Ear(caller, pbx.settings.prompts)
    assert ear.says("ug/notice") and ear.says(f"ug/{CHOOSE}") and not ear.says("zh/notice")


def test_the_announcement_of_the_day_is_heard_in_the_language_and_a_key_skips_it(
    pbx: RealPbx, phone: Callable[..., Phone]
) -> None:
    today = datetime.now(UTC).date()
    first, last = ((today + timedelta(days=days)).isoformat() for days in (-1, 1))
    publish(pbx.settings, today={"say": NEWS, "from": first, "until": last})
    with voice_room(pbx.settings):
        until(lambda: (pbx.settings.prompts / "voice.json").is_file(), what="the book counts")
        caller = phone(CITIZEN, pbx.carrier, tone=0)
        for skips in (False, True):
            pbx.ears.heard.clear()
            caller.dial(HOTLINE)
            pbx.ears.told("NoticePlayed")
            caller.press("2")
            assert pbx.ears.told("LanguageChosen")["Language"] == "en"
            if skips:
                answers(pbx, caller, ("en/notice", ""))
                time.sleep(1)  # the announcement has begun
                caller.press("5")
            else:
                answers(pbx, caller, (f"en/{prompt_name(NEWS)}", ""))
            answers(pbx, caller, (f"en/{prompt_name(MAIN)}", "0"))
            pbx.ears.told("Queued")
            ends(pbx, caller)
            ear = Ear(caller, pbx.settings.prompts)
            assert ear.says(f"en/{prompt_name(NEWS)}") is not skips
            assert skips or ear.says(f"en/{prompt_name(MAIN)}")


def test_the_answer_about_a_case_comes_as_a_text_message_too_if_the_caller_wants_it(
    own_menus: None, pbx: RealPbx, phone: Callable[..., Phone]
) -> None:
    store = Store.of(pbx.settings)
    with store.read() as session:
        case = session.scalars(select(Case)).one()
    with voice_room(pbx.settings, GRIDLINE_SMS__GATEWAY="city.sms:Gateway"):
        until(lambda: (pbx.settings.prompts / "voice.json").is_file(), what="the book counts")
        caller = phone(CITIZEN, pbx.carrier, tone=0)
        caller.dial(HOTLINE)
        pbx.ears.told("NoticePlayed")
        caller.press("2")
        pbx.ears.told("LanguageChosen")
        number = "".join(one for one in case.case_no if one.isdigit()) + "#"
        answers(
            pbx, caller, (f"en/{prompt_name(MAIN)}", "4"), ("en/case-ask", number), ("en/case-check", "8000"),
            ("en/case-text-offer", "1"), ("en/case-text-coming", "0"),
        )  # fmt: skip
        pbx.ears.told("Queued")
        ends(pbx, caller)
    with store.read() as session:
        notice = session.scalars(select(Notice).where(Notice.case == case.id)).one()
    store.close()
    assert (notice.kind, notice.way, notice.address, notice.state) == (STATUS_TEXT, "sms", CITIZEN, "waiting")
    assert notice.language == case.language
    ear = Ear(caller, pbx.settings.prompts)
    for prompt in ("status-taken-in", "case-text-offer", "case-text-coming"):
        assert ear.says(f"en/{prompt}"), f"{prompt}: {ear.likeness(f'en/{prompt}'):.2f}"
