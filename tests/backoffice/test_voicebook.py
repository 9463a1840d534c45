"""The book of voice menus on its page: tried key by key, heard, and refused with its place in one's own language."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from backoffice import voicebook
from conf.speech import CannotSpeak
from schema.calls import CallRow, MenuWalk
from schema.defaults import default_body
from schema.ids import uuid7
from tests.backoffice.conftest import Town
from tests.schema.rules.test_voicebook import good

TRY = "/rules/voice/try"


def test_keys_lead_where_callers_would_be(town: Town) -> None:
    admin = town.visit("admin")
    found = admin.post(TRY, json={"body": good(), "pressed": ["2", "2"]}).json
    assert (found["at"], found["language"], found["served"], found["wait"]) == ("main", "en", None, 5)
    told = found["told"]
    assert [one.get("language") for one in told[:3]] == ["zh", "en", "ug"]
    assert told[3:] == [
        {"pressed": "2"}, {"turn": "en"}, told[5], {"pressed": "2"},
        told[7], told[8],
    ]  # fmt: skip
    assert [told[n]["say"] for n in (5, 7, 8)] == ["menu", "hours", "menu"]
    found = admin.post(TRY, json={"body": good(), "pressed": ["0"]}).json
    assert found["served"] == town.settings.services[0].name and found["wait"] is None


def test_a_case_is_asked_for_by_number_as_an_example(town: Town) -> None:
    body = good()
    body["menus"]["main"]["keys"]["4"] = {"do": "case"}
    pressed = ["1", "4", *"2026#", *"1234"]
    found = town.visit("admin").post(TRY, json={"body": body, "pressed": pressed}).json
    assert [one["case"] for one in found["told"] if "case" in one] == ["lookup", "prove", "tell"]
    assert found["at"] == "main" and "编号中的数字" in str(found["told"])


def test_a_book_that_is_not_whole_says_where(town: Town) -> None:
    body = good()
    body["menus"]["main"]["say"]["ug"] = ""
    body["menus"]["main"]["keys"]["7"] = {"do": "nothing"}
    answer = town.visit("admin").post(TRY, json={"body": body, "pressed": []})
    assert answer.status_code == 400
    assert answer.json["fields"] == {
        "main.say.ug": "必填，一行，不超过 400 字", "main.keys.7": "这个按键没有去向",
    }  # fmt: skip
    wanted = {"order": str(uuid7()), "version": 0, "body": body}
    assert town.visit("admin").post("/rules/voice", json=wanted).status_code == 400


@pytest.mark.parametrize(
    "asked", [[], {}, {"body": 1, "pressed": []}, {"body": {}, "pressed": ["A"]}, {"body": {}, "pressed": "1"},
              {"body": {}, "pressed": ["1"] * 61}],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(town: Town, asked: object) -> None:
    assert town.visit("admin").post(TRY, json=asked).status_code == 400


def test_an_endless_round_ends(town: Town) -> None:
    found = town.visit("admin").post(TRY, json={"body": good(), "pressed": ["1", *["2"] * 59]}).json
    assert found["at"] == "main" and len(found["told"]) > 100


def test_it_is_saved_as_a_version_and_read_back(town: Town) -> None:
    admin = town.visit("admin")
    wanted = {"order": str(uuid7()), "version": 0, "body": good(), "why": "夏季"}
    assert admin.post("/rules/voice", json=wanted).json == {"version": 1}
    kept = admin.get("/rules/voice/1").json["body"]
    assert kept["menus"]["main"]["keys"]["2"] == {
        "do": "say",
        "say": good()["menus"]["main"]["keys"]["2"]["say"],
    }
    assert admin.get("/rules/voice/0").json["body"] == json.loads(json.dumps(default_body("voice")))
    page = admin.text("/rules/voice")
    assert "js/voicebook.js" in page.replace("&#34;", "") and "夏季" in page


def test_the_page_says_from_when_a_version_counts(town: Town) -> None:
    admin = town.visit("admin")
    wanted = {"order": str(uuid7()), "version": 0, "body": good() | {"begins": "2031-01-01T08:00"}}
    assert admin.post("/rules/voice", json=wanted).json == {"version": 1}
    history = admin.text("/rules/voice").split('data-testid="rules-history"')[1]
    assert history.count("现行") == 1 and "2031-01-01 08:00 起生效" in history
    assert history.index("起生效") < history.index("现行")


def test_a_prompt_is_heard_as_callers_hear_it(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    admin, prompts = town.visit("admin"), town.settings.prompts
    for folder, sound in (("en", b"spoken"), ("custom/en", b"recorded")):
        (prompts / folder).mkdir(parents=True, exist_ok=True)
        (prompts / folder / "notice.wav").write_bytes(sound)
    assert admin.get("/rules/voice/hear?language=en&name=notice").data == b"recorded"
    monkeypatch.setattr(
        voicebook, "speak", lambda code, text, file, _voice: file.write_bytes(f"{code} {text}".encode())
    )
    assert admin.get("/rules/voice/hear?language=zh&text=您好").data.decode() == "zh 您好"
    for words in ("language=fr&text=x", "language=en&name=../notice", "language=en"):
        assert admin.get(f"/rules/voice/hear?{words}").status_code == 400
    for words in ("language=en&name=none", f"language=en&text={'x' * 401}", "language=en&text=a%0Ab"):
        assert admin.get(f"/rules/voice/hear?{words}").status_code == 404

    def mute(_code: str, _text: str, _file: Path, _voice: object) -> None:
        raise CannotSpeak("no voice")

    monkeypatch.setattr(voicebook, "speak", mute)
    answer = admin.get("/rules/voice/hear?language=en&text=hello")
    assert answer.status_code == 503 and "no voice" in answer.json["text"]


def test_how_callers_went_is_counted_by_menu(town: Town) -> None:
    now = town.clock()
    with town.store.work() as work:
        for n, (path, left) in enumerate([("language:2", ""), ("language:2", "main"), ("", "language")]):
            call = CallRow(id=uuid7(), contact=uuid7(), node="pbx1", entered_at=now)
            work.session.add(call)
            work.session.flush()
            work.session.add(MenuWalk(call=call.id, at=now - timedelta(days=n * 10), path=path, left=left))
    found = town.visit("admin").get("/rules/voice/counts").json
    assert found["days"] == 30 and found["menus"] == {
        "language": {"heard": 3, "left": 1, "keys": {"2": 2}}, "main": {"heard": 1, "left": 1, "keys": {}},
    }  # fmt: skip
