"""The rule books on pages: edited whole, saved as a version; the categories that a form offers."""

from typing import Any

import pytest
from sqlalchemy import select

from schema.desk.rulebooks import dial_rules
from schema.ids import uuid7
from schema.people import AuditRow
from schema.rules.dialrules import allowed_as
from tests.backoffice.conftest import Town

LAMPS = {"code": "02", "names": {"zh": "路灯", "en": "Lights"}, "class": "social", "kind": "service"}


def save(town: Town, body: Any, name: str = "categories", version: Any = 0, **more: Any) -> Any:
    typed = {"order": str(uuid7()), "version": version, "body": body} | more
    return town.visit("admin").post(f"/rules/{name}", json=typed)


@pytest.mark.parametrize("name", ["categories", "limits", "dictionary", "voice", "dialrules"])
@pytest.mark.parametrize("language", ["zh", "en", "ug"])
def test_every_book_is_shown_in_every_language(town: Town, name: str, language: str) -> None:
    admin = town.visit("admin")
    admin.post("/language", {"language": language})
    text = admin.text(f"/rules/{name}")
    assert 'data-testid="rulebook"' in text and "rules." + name not in text


def test_there_is_no_other_book(town: Town) -> None:
    admin = town.visit("admin")
    assert admin.get("/rules/jokes").status_code == 404
    assert admin.get("/rules").location == "/rules/categories"


def test_a_book_is_saved_as_its_next_version_and_the_usual_one_can_be_had_back(town: Town) -> None:
    assert save(town, {"rows": [LAMPS]}, why="新目录").json == {"version": 1}
    admin = town.visit("admin")
    assert "新目录" in admin.text("/rules/categories")
    assert admin.get("/rules/categories/1").json["body"] == {"rows": [LAMPS]}
    assert len(admin.get("/rules/categories/0").json["body"]["rows"]) > 40
    assert admin.get("/rules/categories/2").status_code == 404
    with town.store.read() as session:
        assert list(session.scalars(select(AuditRow.subject).where(AuditRow.what == "rules.set"))) == [
            "categories 1"
        ]


def test_faults_are_named_by_row(town: Town) -> None:
    answer = save(town, {"rows": [LAMPS | {"kind": "joke"}, {"code": "9"}]})
    assert answer.status_code == 400 and set(answer.json["fields"]) == {
        "02.kind",
        "row 2.code",
        "row 2.names",
    }


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"body": 7}, 400),
        ({"version": "1"}, 400),
        ({"version": True}, 400),
        ({"order": "x"}, 400),
        ({"version": 4}, 409),
    ],
)
def test_what_cannot_be_saved_says_so(town: Town, typed: dict[str, Any], status: int) -> None:
    answer = save(town, **({"body": {"rows": [LAMPS]}} | typed))
    assert answer.status_code == status
    assert town.visit("admin").get("/rules/categories/1").status_code == 404


def test_a_form_is_offered_the_categories_that_take_cases_and_how_they_are_typed(town: Town) -> None:
    save(
        town,
        {
            "rows": [
                LAMPS,
                {"code": "0203", "names": {"zh": "黑灯"}},
                {"code": "03", "names": {"zh": "井盖"}, "open": False},
            ]
        },
    )
    rows = town.visit("agent").get("/api/categories").json
    assert [row["code"] for row in rows] == ["0203"]
    (row,) = rows
    assert row["name"] == "路灯 / 黑灯" and (row["class_"], row["kind"]) == ("social", "service")
    assert {"黑灯", "heideng", "hd"} <= set(row["typed"].split())


def test_a_fault_is_said_in_the_reader_s_language(town: Town) -> None:
    rows = [LAMPS | {"kind": "joke", "limit": [0, "working-days"]}]
    for language, limit in (("zh", "整数"), ("en", "whole number"), ("ug", "پۈتۈن سان")):
        town.visit("admin").post("/language", {"language": language})
        answer = save(town, {"rows": rows})
        assert limit in answer.json["fields"]["02.limit"], language
    assert set(answer.json["fields"]) == {"02.kind", "02.limit"}


def test_dial_rules_keep_the_emergency_numbers_and_say_so_in_the_reader_s_language(town: Town) -> None:
    body = town.visit("admin").get("/rules/dialrules/0").json["body"]
    inside = {"code": "6xx1", "names": {"zh": "内线"}}
    faulty = {"emergency": body["emergency"][1:], "internal": [inside | {"code": "6.*"}]}
    for language, word in (("zh", "110"), ("ug", "ئەندىزە")):
        town.visit("admin").post("/language", {"language": language})
        fields = save(town, faulty, "dialrules").json["fields"]
        assert set(fields) == {"emergency", "internal.1"} and word in " ".join(fields.values())
    assert save(town, body | {"internal": [inside]}, "dialrules").json == {"version": 1}
    with town.store.read() as session:
        assert allowed_as(dial_rules(session), "6001") == "internal"
