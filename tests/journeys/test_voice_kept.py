"""What the voice room keeps beyond a call: a number's language, the announcement of the day, a text that is to go."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from conf.children import Child
from conf.settings import Settings
from demo.phone import Phone
from schema.cases import Case
from schema.desk.rulebooks import book_body, newest_book
from schema.desk.rulechanges import change_rulebook
from schema.notices import Notice
from schema.orders import ChangeRulebook
from schema.people import User
from schema.rules.dialogue import prompt_name, texts_of
from schema.rules.voicebook import read_voice
from schema.store import Store
from tests.journeys.voiceroom import CHOOSE, CITIZEN, HOTLINE, Ear, ends, own_menus, room
from tests.patience import until
from tests.real.pbx import RealPbx
from tests.real.prompts import lay_prompts

pytestmark = pytest.mark.real
__all__ = ["own_menus", "room"]

NEWS = {
    "zh": "今天下午城东停水检修。",
    "en": "The water is off in the east this afternoon.",
    "ug": "بۈگۈن شەھەر شەرقىدە سۇ توختىتىلىدۇ.",
}


@pytest.fixture
def announced(own_menus: None, site: Settings) -> None:
    """Something is announced these days."""
    store = Store.of(site)
    today = datetime.now(UTC).date()
    with store.work() as work:
        admin = work.session.scalars(select(User).where(User.login == "admin")).one()
        before = newest_book(work.session, "voice")
        body = json.loads(json.dumps(book_body(work.session, "voice", before)))
        body["today"] = {
            "say": NEWS, "from": str(today - timedelta(days=2)), "until": str(today + timedelta(days=2))
        }  # fmt: skip
        change_rulebook(
            work, ChangeRulebook(by=admin.id, name="voice", version=before, body=json.dumps(body))
        )
    store.close()
    lay_prompts(site.prompts, texts_of(read_voice(body)))


@pytest.fixture
def texting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The site has a way for texts; who carries them is not asked here."""
    monkeypatch.setenv("GRIDLINE_SMS__GATEWAY", "somebody:Gateway")


def test_who_chose_a_language_is_met_in_it_the_next_time_and_hears_the_announcement_of_the_day(
    announced: None, pbx: RealPbx, room: Child, phone: Callable[..., Phone]
) -> None:
    until(lambda: (pbx.settings.prompts / "voice.json").is_file(), what="the book counts")
    news = prompt_name(NEWS)
    caller = phone(CITIZEN, pbx.carrier, tone=0)
    caller.dial(HOTLINE)
    pbx.ears.told("NoticePlayed")
    caller.press("2")
    time.sleep(8)  # the notice again, the announcement, the menu
    caller.press("0")
    pbx.ears.told("Queued")
    ends(pbx, caller)
    ear = Ear(caller, pbx.settings.prompts)
    assert ear.says("zh/notice") and ear.says(f"en/{news}") and not ear.says(f"zh/{news}")

    caller.dial(HOTLINE)
    pbx.ears.told("NoticePlayed")
    time.sleep(4)
    caller.press("2")
    time.sleep(1)
    caller.press("0")
    assert pbx.ears.told("Queued")["Spoken"] == "en"
    ends(pbx, caller)
    ear = Ear(caller, pbx.settings.prompts)
    assert ear.says("en/notice") and not ear.says("zh/notice")
    assert ear.says(f"en/{CHOOSE}"), "the choice is offered again, in that language first"


def test_who_proves_a_case_has_it_sent_by_text(
    own_menus: None, texting: None, pbx: RealPbx, room: Child, phone: Callable[..., Phone]
) -> None:
    until(lambda: (pbx.settings.prompts / "voice.json").is_file(), what="the book counts")
    store = Store.of(pbx.settings)
    with store.read() as session:
        case = session.scalars(select(Case)).one()
    caller = phone("13911110000", pbx.carrier, tone=0)
    caller.dial(HOTLINE)
    pbx.ears.told("NoticePlayed")
    caller.press("2")
    assert pbx.ears.told("LanguageChosen")["Language"] == "en"
    time.sleep(3)
    number = "".join(one for one in case.case_no if one.isdigit()) + "#"
    # The first 1 cuts what is told short, the second takes the offer.
    for keys, after in (("4", 2), (number, 7), ("8000", 4), ("1", 3), ("1", 7)):
        caller.press(keys)
        time.sleep(after)
    with store.read() as session:
        [text] = session.scalars(select(Notice).where(Notice.way == "sms", Notice.case == case.id)).all()
    assert (text.address, text.language, text.state) == (case.number, case.language, "waiting")
    store.close()
    caller.press("0")
    pbx.ears.told("Queued")
    ends(pbx, caller)
    ear = Ear(caller, pbx.settings.prompts)
    for prompt in ("case-text-offer", "case-text-coming"):
        assert ear.says(f"en/{prompt}"), f"{prompt}: {ear.likeness(f'en/{prompt}'):.2f}"
