"""Voice scripts as plays: what is said, what is asked, and what the PBX is told."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from ivr.agi import HungUp
from ivr.scripts import Scripts
from ivr.texts import TEXTS
from schema.defaults import default_body
from schema.desk.spokenstatus import Told
from schema.rules.dialogue import texts_of
from schema.rules.services import Service
from schema.rules.voicebook import read_voice

(CHOOSE,) = texts_of(read_voice(default_body("voice")))


class Call:
    """A caller as a script meets one. `keys` is what each play or wait brings, "" for nothing; then silence."""

    def __init__(self, *keys: str, hang_up_after: int = 99, **variables: str) -> None:
        self._keys = list(keys)
        self._left = hang_up_after
        self.variables = variables
        self.said: list[str] = []
        self.told: list[tuple[str, dict[str, str]]] = []

    def _key(self) -> str:
        self._left -= 1
        if self._left < 0:
            raise HungUp("gone")
        return self._keys.pop(0) if self._keys else ""

    async def play(self, file: str, keys: str = "") -> str:
        path = Path(file)
        self.said.append(f"{path.parent.name}/{path.name}")
        key = self._key()
        return key if key and key in keys else ""

    async def greet(self, file: str) -> None:
        await self.play(file)

    async def wait_key(self, seconds: float) -> str:
        return self._key()

    async def set_variables(self, values: Mapping[str, str]) -> None:
        self.variables |= values

    async def variable(self, name: str) -> str:
        return self.variables.get(name, "")

    async def tell(self, what: str, **fields: str) -> None:
        self.told.append((what, fields))


@pytest.fixture
def scripts(tmp_path: Path) -> Scripts:
    for name, forms in TEXTS.items():
        for language in forms:
            file = tmp_path / language / f"{name}.wav"
            file.parent.mkdir(exist_ok=True)
            file.touch()
    return Scripts(tmp_path, default="zh", tries=2, wait=3)


def done(coroutine: object) -> None:
    with pytest.raises(StopIteration):
        coroutine.send(None)  # type: ignore[attr-defined]


def test_a_caller_hears_the_notice_and_chooses_english(scripts: Scripts) -> None:
    call = Call("", "2")
    done(scripts.run(call, "reception"))
    assert call.said == ["zh/notice", f"zh/{CHOOSE}", "en/notice-again"]
    assert call.told == [
        ("NoticePlayed", {}), ("LanguageChosen", {"Language": "en", "Key": "2"}),
        ("MenusWalked", {"Path": "language:2"}),
    ]  # fmt: skip
    assert call.variables == {
        "__GRIDLINE_LANGUAGE": "en",
        "CHANNEL(language)": "en",
        "GRIDLINE_WALK": "",
        "TIMEOUT(absolute)": "90",
        "__GRIDLINE_QUEUE": "hotline",
    }


def test_a_silent_caller_gets_the_default_without_a_key(scripts: Scripts) -> None:
    call = Call()
    done(scripts.run(call, "reception"))
    assert "zh/notice-again" not in call.said, "it was heard in this language already"
    assert call.told[-2:] == [
        ("LanguageChosen", {"Language": "zh", "Key": ""}), ("MenusWalked", {"Path": "language:silent"}),
    ]  # fmt: skip


def test_who_rings_again_is_met_in_the_language_of_before(scripts: Scripts) -> None:
    done(scripts.run(Call("", "3", **{"CALLERID(num)": "139"}), "reception"))
    call = Call(**{"CALLERID(num)": "139"})
    done(scripts.run(call, "reception"))
    assert call.said[:2] == ["ug/notice", f"ug/{CHOOSE}"] and "ug/notice-again" not in call.said
    assert ("LanguageChosen", {"Language": "ug", "Key": ""}) in call.told, "silence keeps it"
    done(scripts.run(Call("", "1", **{"CALLERID(num)": "139"}), "reception"))
    call = Call(**{"CALLERID(num)": "139"})
    done(scripts.run(call, "reception"))
    assert call.said[0] == "zh/notice"


STATUS = {"zh": "查询请按五。", "en": "For your requests, press five.", "ug": "ئىلتىماس ئۈچۈن بەشنى بېسىڭ."}


@pytest.mark.parametrize("found", ["cases", "none", "trouble", "nobody"])
def test_a_caller_is_told_how_far_their_requests_are(tmp_path: Path, found: str) -> None:
    body = {"start": "main", "menus": {"main": {
        "names": {"zh": "主"}, "say": STATUS, "silent": {"do": "service"},
        "keys": {"5": {"do": "status"}, "0": {"do": "service"}},
    }}}  # fmt: skip
    book = read_voice(body)
    for name in (*TEXTS, *texts_of(book)):
        file = tmp_path / "zh" / f"{name}.wav"
        file.parent.mkdir(exist_ok=True)
        file.touch()

    async def look(number: str) -> list[Told]:
        assert number == "139"
        if found == "trouble":
            raise TimeoutError
        return [Told("0042", "in-hand"), Told("7", "done")] if found == "cases" else []

    scripts = Scripts(
        tmp_path, default="zh", tries=2, wait=3, book=lambda: book, look=None if found == "nobody" else look
    )
    call = Call("", "5", *[""] * 12, **{"CALLERID(num)": "139"})
    done(scripts.run(call, "reception"))
    (menu,) = texts_of(book)
    told = [one.removeprefix("zh/") for one in call.said]
    ending = [f"number-{digit}" for digit in "0042"]
    wanted = {
        "cases": ["status-before", *ending, "status-in-hand", "status-before", "number-7", "status-done"],
        "none": ["status-none"],
    }.get(found, ["status-away"])
    assert told[: len(wanted) + 3] == ["notice", menu, *wanted, menu]


def test_a_caller_who_hangs_up_during_the_menu_chooses_nothing(scripts: Scripts) -> None:
    call = Call(hang_up_after=2)
    with pytest.raises(HungUp):
        scripts.run(call, "reception").send(None)
    assert call.told == [("NoticePlayed", {})]
    assert call.variables["GRIDLINE_WALK"] == "language/", "the dialplan tells where they left"


def test_a_rating_is_told_with_its_case_in_the_citizens_language(scripts: Scripts) -> None:
    call = Call("", "4", GRIDLINE_LANGUAGE="ug", GRIDLINE_CASE="c1")
    done(scripts.run(call, "rating"))
    assert call.said == ["ug/visit-greeting", "ug/rate", "ug/rated-4", "ug/thanks"]
    assert call.told == [("RatingGiven", {"Case": "c1", "Score": "4"})]


def test_an_impatient_citizen_rates_during_the_greeting(scripts: Scripts) -> None:
    call = Call("1", GRIDLINE_LANGUAGE="zh", GRIDLINE_CASE="c1")
    done(scripts.run(call, "rating"))
    assert call.told == [("RatingGiven", {"Case": "c1", "Score": "1"})]
    assert call.said == ["zh/visit-greeting", "zh/rated-1", "zh/thanks"]


def test_who_hangs_up_during_the_confirmation_has_rated(scripts: Scripts) -> None:
    call = Call("", "4", hang_up_after=2, GRIDLINE_LANGUAGE="zh", GRIDLINE_CASE="c1")
    with pytest.raises(HungUp):
        scripts.run(call, "rating").send(None)
    assert call.told == [("RatingGiven", {"Case": "c1", "Score": "4"})]


def test_a_visit_without_a_case_confirms_nothing(scripts: Scripts) -> None:
    call = Call("1")
    done(scripts.run(call, "rating"))
    assert call.told == [] and call.said == ["zh/visit-greeting", "zh/goodbye"]


def asked(*keys: str, hang_up_after: int = 1000) -> Call:
    return Call(
        *keys, hang_up_after=hang_up_after, GRIDLINE_LANGUAGE="ug", GRIDLINE_CASE="c1", GRIDLINE_VISIT="v1"
    )


@pytest.mark.parametrize(
    ("key", "solved", "last"), [("1", "1", "thanks"), ("2", "0", "visit-unsolved"), ("", "1", "thanks")]
)
def test_a_return_visit_asks_both_ratings_and_whether_it_is_solved(
    scripts: Scripts, key: str, solved: str, last: str
) -> None:
    call = asked("", "4", "5", key)
    done(scripts.run(call, "rating"))
    answer = {"Visit": "v1", "Case": "c1", "Reception": "4", "Department": "5", "Solved": solved}
    assert call.told == [("VisitAnswered", answer)]
    assert call.said[:4] == [f"ug/visit-{one}" for one in ("greeting", "reception", "department", "solved")]
    assert call.said[-1] == f"ug/{last}"


def test_who_leaves_after_the_ratings_has_answered_and_who_leaves_before_has_not(scripts: Scripts) -> None:
    call = asked("", "1", "2", hang_up_after=3)
    with pytest.raises(HungUp):
        scripts.run(call, "rating").send(None)
    assert call.told == [] and call.variables["GRIDLINE_SCORED"] == "1/2", "for the dialplan to tell"
    for call in (asked("", "1", "", "", ""), asked("", "", "")):
        done(scripts.run(call, "rating"))
        assert call.told == [] and call.said[-1] == "ug/goodbye"


def test_silence_and_wrong_keys_give_no_rating(scripts: Scripts) -> None:
    call = Call("", "9", "", "", "", GRIDLINE_CASE="c1")
    done(scripts.run(call, "rating"))
    assert call.told == []
    assert call.said[-1] == "zh/goodbye" and "zh/wrong-key" in call.said


def test_an_unknown_script_leaves_the_call_alone(scripts: Scripts) -> None:
    call = Call()
    done(scripts.run(call, "../../etc"))
    assert not call.said and not call.told


@pytest.fixture
def several(tmp_path: Path) -> Scripts:
    services = (
        Service("hotline", callback_after=60),
        Service("water", "water", (("pipes", 3),), 2, first={"139*": 7}),
        Service("tax", "tax", languages=("zh",)),
    )
    for name, forms in (TEXTS | {f"service-{one.name}": {"zh": "", "en": ""} for one in services}).items():
        for language in forms:
            file = tmp_path / language / f"{name}.wav"
            file.parent.mkdir(exist_ok=True)
            file.touch()
    return Scripts(tmp_path, default="zh", tries=1, wait=3, services=services)


def chosen(call: Call) -> dict[str, str]:
    return {name.removeprefix("__GRIDLINE_"): value for name, value in call.variables.items() if "__" in name}


def test_a_service_sets_queue_skills_and_priority(several: Scripts) -> None:
    call = Call("", "2", "", "2")
    done(several.run(call, "reception"))
    assert call.said[-1] == "en/service-hotline"
    assert chosen(call) == {"LANGUAGE": "en", "QUEUE": "water", "SKILLS": "pipes:3", "PRIORITY": "2"}
    call = Call("", "1", "2", **{"CALLERID(num)": "13900000001"})
    done(several.run(call, "reception"))
    assert chosen(call)["PRIORITY"] == "7"


@pytest.mark.parametrize("keys", [("", "0"), ("", "1", "0"), ()])
def test_an_agent_is_reached_by_one_key_at_every_level_and_by_silence(
    several: Scripts, keys: tuple[str, ...]
) -> None:
    call = Call(*keys)
    done(several.run(call, "reception"))
    assert chosen(call) == {"LANGUAGE": "zh", "QUEUE": "hotline"}
    if keys == ("", "0"):
        assert not any("service" in said for said in call.said)


def test_a_service_that_does_not_speak_the_language_is_served_in_its_own(several: Scripts) -> None:
    call = Call("", "2", "", "3")
    done(several.run(call, "reception"))
    assert chosen(call) == {"LANGUAGE": "zh", "QUEUE": "tax"}
