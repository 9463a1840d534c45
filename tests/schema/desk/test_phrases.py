"""Canned replies: a code once a list and language, one's own hidden from others, everybody's kept by supervisors."""

import threading
from typing import Any
from uuid import UUID

import pytest

from schema.desk.errors import Refused
from schema.desk.phrases import drop_phrase, keep_phrase, move_phrase, phrases_for
from schema.ids import uuid7
from schema.orders import DropPhrase, KeepPhrase, MovePhrase
from schema.phrases import Phrase
from tests.schema.desk.casework import Office


def keep(desk: Office, **changes: Any) -> Phrase:
    given = {"by": desk.agent, "code": "hi", "language": "zh", "title": "问候", "text": "您好！"}
    with desk.store.work() as work:
        return keep_phrase(work, KeepPhrase(**given | changes))


def seen(desk: Office, user: UUID) -> list[tuple[str, bool]]:
    with desk.store.read() as session:
        return [(row.code, row.owner is not None) for row in phrases_for(session, user)]


def test_ones_own_come_first_and_nobody_else_sees_them(desk: Office) -> None:
    keep(desk, by=desk.supervisor, shared=True)
    keep(desk)
    keep(desk, by=desk.clerk, code="bye")
    assert seen(desk, desk.agent) == [("hi", True), ("hi", False)]
    assert seen(desk, desk.clerk) == [("bye", True), ("hi", False)]


def test_a_code_is_used_once_a_list_and_language(desk: Office) -> None:
    first = keep(desk)
    keep(desk, language="ug")
    with pytest.raises(Refused) as refused:
        keep(desk)
    assert refused.value.field == "code"
    assert keep(desk, phrase=first.id, text="你好").text == "你好"
    assert keep(desk, order=first.id).id == first.id, "the same order again"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"code": ""}, "code"), ({"code": "Hi"}, "code"), ({"code": "a b"}, "code"), ({"code": "x" * 21}, "code"),
     ({"language": "fr"}, "language"), ({"title": " "}, "title"), ({"title": "x" * 61}, "title"),
     ({"text": ""}, "text"), ({"text": "x" * 2001}, "text"), ({"text": "a\0"}, "text")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(desk: Office, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        keep(desk, **wrong)
    assert (refused.value.code, list(refused.value.fields)) == ("bad-field", [field])
    assert seen(desk, desk.agent) == []


def test_only_a_supervisor_keeps_everybodys_and_only_its_owner_ones_own(desk: Office) -> None:
    with pytest.raises(Refused) as refused:
        keep(desk, shared=True)
    assert refused.value.code == "not-allowed"
    own, shared = keep(desk), keep(desk, by=desk.supervisor, shared=True)
    for by, phrase, code in (
        (desk.clerk, own, "not-found"), (desk.supervisor, own, "not-found"), (desk.clerk, shared, "not-allowed"),
    ):  # fmt: skip
        with desk.store.work() as work:
            for act in (
                lambda by=by, phrase=phrase: drop_phrase(work, DropPhrase(by=by, phrase=phrase.id)),
                lambda by=by, phrase=phrase: move_phrase(work, MovePhrase(by=by, phrase=phrase.id, up=True)),
            ):
                with pytest.raises(Refused) as refused:
                    act()
                assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        keep(desk, by=desk.clerk, phrase=own.id)
    assert refused.value.code == "not-found"


def test_they_are_moved_within_their_list(desk: Office) -> None:
    rows = {code: keep(desk, code=code) for code in ("a", "b", "c")}

    def move(code: str, up: bool) -> str:
        with desk.store.work() as work:
            move_phrase(work, MovePhrase(by=desk.agent, phrase=rows[code].id, up=up))
        return "".join(code for code, _ in seen(desk, desk.agent))

    assert [move("c", True), move("c", True), move("c", True), move("a", False), move("a", False)] == [
        "acb", "cab", "cab", "cba", "cba",
    ]  # fmt: skip


def test_what_is_thrown_away_is_taken_back_unless_its_code_was_given_away(desk: Office) -> None:
    first = keep(desk)

    def drop(back: bool = False) -> None:
        with desk.store.work() as work:
            drop_phrase(work, DropPhrase(by=desk.agent, phrase=first.id, back=back))

    drop()
    assert seen(desk, desk.agent) == []
    drop(back=True)
    assert seen(desk, desk.agent) == [("hi", True)]
    drop()
    keep(desk, order=uuid7())
    with pytest.raises(Refused) as refused:
        drop(back=True)
    assert refused.value.field == "code"


def test_of_two_who_take_a_code_at_once_one_gets_it(desk: Office) -> None:
    gate, got, told = threading.Barrier(2), [], []

    def take() -> None:
        gate.wait()
        try:
            got.append(keep(desk, by=desk.supervisor, shared=True))
        except Refused as refused:
            told.append(refused.field)

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1 and told == ["code"]
