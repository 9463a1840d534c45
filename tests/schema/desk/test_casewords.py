"""What a case is found by: all of it, at once, and nothing that was not said."""

import pytest
from sqlalchemy import delete, select

from schema.base import table_of
from schema.cases import Case
from schema.casewords import CaseWords
from schema.desk import casewords
from schema.desk.caselist import Wanted, page
from schema.desk.casewords import add_words, fill_words
from schema.rules.searchwords import read_query
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import bring, do


def found(desk: Office, words: str) -> list[str]:
    with desk.store.read() as session:
        return [
            case.case_no for case in page(session, Wanted(words=read_query(words)), desk.store.clock()).rows
        ]


def test_a_case_is_found_by_the_request_and_by_what_was_said_later(desk: Office) -> None:
    case = desk.case("closed", address="文三路 12 号")
    desk.case(title="停水", text="没水", citizen="王先生")
    for words in ("路灯", "没有亮", "文三路", "刘女士", "梯子", "已修好", "路灯 梯子 修好"):
        assert found(desk, words) == [case.case_no], words
    assert found(desk, "路灯 -修好") == []


def test_parts_of_a_split_case_are_found_by_their_own_words(desk: Office) -> None:
    case = bring(desk, "split")
    parts = found(desk, "垃圾 没人收")
    assert len(parts) == 1 and parts != [case.case_no]
    taken_in = bring(desk, "accepted")
    assert taken_in.case_no in found(desk, "路灯")


def test_an_order_that_is_refused_leaves_no_words(desk: Office) -> None:
    case = desk.case()
    with pytest.raises(ZeroDivisionError), desk.store.work() as work:
        add_words(work.session, work.session.get_one(Case, case.id), "从未说过")
        raise ZeroDivisionError
    assert found(desk, "从未") == []


def test_words_make_no_version_of_their_own(desk: Office) -> None:
    case = desk.case()
    do(desk, "suspend", case.id)
    assert desk.look(case.id).version == case.version + 1 and found(desk, "等配件") == [case.case_no]


def test_a_case_with_too_many_words_takes_no_more_and_stays_found(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casewords, "FULL", 10)
    case = desk.case()
    do(desk, "suspend", case.id)
    assert found(desk, "路灯") == [case.case_no] and found(desk, "等配件") == []


def test_the_words_of_all_cases_can_be_written_anew_in_batches(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casewords, "BATCH", 2)
    cases = [desk.case("handled") for _ in range(5)]
    words = table_of(CaseWords)
    with desk.store.read() as session:
        before = {
            row.case: set(row.words.split()) for row in session.execute(select(words.c.case, words.c.words))
        }
    with desk.store.engine.begin() as connection:
        connection.execute(delete(words).where(words.c.case != cases[2].id))
    assert found(desk, "梯子") == [cases[2].case_no]
    told: list[int] = []
    with desk.store.engine.begin() as connection:
        assert fill_words(connection, told.append) == 4
    assert told == [2, 4]
    with desk.store.read() as session:
        after = {
            row.case: set(row.words.split()) for row in session.execute(select(words.c.case, words.c.words))
        }
    assert after == before
    assert found(desk, "梯子") == [case.case_no for case in cases[::-1]]
