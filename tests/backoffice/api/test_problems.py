"""Problems: every code has a title in every language, and answers as RFC 9457 has it."""

from typing import Any

import pytest

from backoffice.api import calls
from backoffice.api.problems import MIMETYPE, STATUS, always, details
from backoffice.words import Words
from schema.rules.languages import LANGUAGES
from schema.store import StoreUnreachable
from tests.backoffice.api.conftest import Program

WORDS = Words.read()


@pytest.mark.parametrize("code", STATUS)
def test_every_code_has_a_title_in_every_language(code: str) -> None:
    assert len({details(code, "", [], language, WORDS.say).title for language in LANGUAGES}) == len(LANGUAGES)
    made = details(code, "why", [("target", "no")], "en", WORDS.say)
    assert (made.status, made.code, made.detail, made.errors[0].field) == (
        STATUS[code],
        code,
        "why",
        "target",
    )
    assert made.type == f"/api/v1/docs#problem-{code}" and made.instance.startswith("urn:uuid:")
    assert ("Retry-After" in always(code)) is (made.status in (429, 503))
    assert ("WWW-Authenticate" in always(code)) is (made.status == 401)


def test_titles_are_in_the_readers_language(crm: Program) -> None:
    assert crm.get("/nowhere", Accept_Language="ug,en;q=0.5").json["title"] == "تېپىلمىدى."
    assert (
        crm.get("/nowhere").json["title"]
        == crm.get("/nowhere", Accept_Language="fr").json["title"]
        == "It is not there."
    )


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(StoreUnreachable("away"), 503, "store"), (RuntimeError("a secret"), 500, "broken")],
)
def test_what_breaks_tells_no_secrets(
    crm: Program, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, code: str
) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(calls, "look", fail)
    answer = crm.get("/calls")
    assert (answer.status_code, answer.json["code"], answer.mimetype) == (status, code, MIMETYPE)
    assert "secret" not in answer.get_data(as_text=True)


def test_a_body_that_is_too_large_is_not_read(crm: Program) -> None:
    answer = crm.post("/calls", {"agent": "1" * 70_000})
    assert (answer.status_code, answer.json["code"]) == (413, "too-large")
