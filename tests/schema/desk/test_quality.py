"""Reviews: scored by the sheet as it was, once; kept as a draft before; given on, or left out with a reason."""

import json
import threading
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from schema.cases import Case
from schema.defaults import default_body
from schema.desk.errors import Refused
from schema.desk.quality import drop_review, give_review, keep_draft, score_review
from schema.desk.qualitylists import DONE, TODO, draft_of, history, listed
from schema.desk.rulechanges import change_rulebook
from schema.ids import uuid7
from schema.orders import ChangeRulebook, DropReview, GiveReview, ScoreReview
from schema.people import Post, User
from schema.quality import QualityMark, QualityReview, QualityStep
from schema.recordings import Recording
from schema.rules.sampling import Rule
from tests.schema.desk.casework import Office
from tests.schema.desk.qualityrows import NOW, WELL, drawn, planned, recorded, scored


@pytest.fixture
def review(desk: Office) -> UUID:
    """A call drawn for the supervisor."""
    desk.store.clock = lambda: NOW
    recorded(desk.store, desk.agent)
    drawn(desk.store, desk.supervisor, planned(desk.store, desk.supervisor).id)
    with desk.store.read() as session:
        return session.scalars(select(QualityReview.id)).one()


def scoring(desk: Office, id: UUID, **changes: Any) -> ScoreReview:
    order: dict[str, Any] = {"by": desk.supervisor, "review": id, "marks": json.dumps(WELL)}
    return ScoreReview(**order | changes)


def test_a_score_is_there_at_once_with_every_mark_and_its_time(desk: Office, review: UUID) -> None:
    row = scored(desk.store, desk.supervisor, review, tone={"value": 3, "second": 83.04, "remark": "语速过快"},
                 transfer=None)  # fmt: skip
    assert (row.state, row.percent, row.good, row.fatal) == ("scored", 95.8, True, False)
    assert row.appeal_until is not None and (row.appeal_until - NOW).days == 5
    with desk.store.read() as session:
        (said,) = history(session, review)
        assert said.step.id == row.step and said.by == "name of supervisor" and len(said.marks) == len(WELL)
        tone, transfer = said.marks["tone"], said.marks["transfer"]
    assert (tone.value, tone.share, tone.second, tone.remark) == (3, 0.6, 83.0, "语速过快")
    assert (transfer.value, transfer.share) == (None, None)
    assert [one.name for one in desk.said()][-1] == "ReviewScored"


def test_a_failed_fatal_item_makes_the_whole_nothing(desk: Office, review: UUID) -> None:
    row = scored(desk.store, desk.supervisor, review, respect=0)
    assert (row.percent, row.good, row.fatal) == (0.0, False, True)


def test_the_same_order_again_changes_nothing_and_a_second_score_is_refused(
    desk: Office, review: UUID
) -> None:
    order = scoring(desk, review)
    for _ in range(2):
        with desk.store.work() as work:
            assert score_review(work, order).percent == 100
    with pytest.raises(Refused) as told:
        scored(desk.store, desk.supervisor, review, tone=0)
    assert told.value.field == "review-over"
    with desk.store.read() as session:
        assert len(session.scalars(select(QualityStep)).all()) == 1


def test_a_review_keeps_the_sheet_it_was_drawn_with(desk: Office, review: UUID) -> None:
    body = json.loads(json.dumps(default_body("quality")))
    body["sheets"][0]["sections"] = body["sheets"][0]["sections"][:1]
    with desk.store.work() as work:
        order = ChangeRulebook(by=desk.admin, name="quality", body=json.dumps(body), version=0)
        change_rulebook(work, order)
    assert scored(desk.store, desk.supervisor, review).percent == 100, "all its items are still asked"
    recorded(desk.store, desk.agent)
    drawn(desk.store, desk.supervisor, planned(desk.store, desk.supervisor).id)
    with desk.store.read() as session:
        old, new = session.scalars(select(QualityReview).order_by(QualityReview.id))
    assert (old.book, new.book) == (0, 1) and old.sheet != new.sheet
    with pytest.raises(Refused, match="no such item"):
        scored(desk.store, desk.supervisor, new.id)


def test_what_is_refused_says_which_item_and_why(desk: Office, review: UUID) -> None:
    for marks, field in (
        ({"tone": {"value": 6}}, "item.tone"), ({"tone": {"value": True}}, "item.tone"), ({"tone": {}}, "item.tone"),
        ({"tone": {"value": 5, "second": -1}}, "item.tone"), ({"tone": {"value": 5, "remark": "x" * 301}}, "item.tone"),
        ({"greeting": {"value": None}}, "item.greeting"), ({"song": {"value": 1}}, "item.song"),
    ):  # fmt: skip
        with pytest.raises(Refused) as told, desk.store.work() as work:
            score_review(work, scoring(desk, review, marks=json.dumps(WELL | marks)))
        assert list(told.value.fields) == [field], marks
    for change, code in (({"by": desk.agent}, "not-allowed"), ({"marks": "["}, "bad-field"),
                         ({"review": uuid7()}, "not-found"), ({"text": "x" * 4001}, "bad-field")):  # fmt: skip
        with pytest.raises(Refused) as told, desk.store.work() as work:
            score_review(work, scoring(desk, review, **change))
        assert told.value.code == code, change


def test_a_call_that_may_not_be_heard_any_more_is_not_scored_and_on_no_list(
    desk: Office, review: UUID
) -> None:
    with desk.store.work() as work:
        contact = work.session.get_one(QualityReview, review).contact
    case = desk.case(contact=contact)
    with desk.store.read() as session:
        boss = session.get_one(User, desk.supervisor)
        assert len(listed(session, boss, desk.supervisor, TODO)[0]) == 1
    rights = dict.fromkeys(("quality.review", "recording.play", "case.read"), "all")
    with desk.store.work() as work:
        work.session.get_one(Case, case.id).confidential = True
        work.session.add(Post(name="supervisor", grants=rights, set_at=NOW))
    with pytest.raises(Refused) as told:
        scored(desk.store, desk.supervisor, review)
    assert told.value.field == "unheard"
    with desk.store.read() as session:
        boss = session.get_one(User, desk.supervisor)
        assert listed(session, boss, desk.supervisor, TODO)[0] == []


def test_a_draft_says_what_it_comes_to_so_far_and_goes_with_the_score(desk: Office, review: UUID) -> None:
    def draft(marks: dict[str, Any], by: UUID = desk.supervisor) -> float:
        with desk.store.work() as work:
            return keep_draft(work, by, review, json.dumps(marks), "先记一笔").percent

    assert draft({"tone": {"value": 5}, "listening": {"value": 0}}) == 50.0
    assert draft({"tone": {"value": 4, "second": 3}}) == 80.0
    with desk.store.read() as session:
        kept = draft_of(session, review, desk.supervisor)
        assert kept is not None and kept.body["marks"] == {"tone": {"value": 4, "second": 3.0, "remark": ""}}
    for marks, by in (({"tone": {"value": 9}}, desk.supervisor), ({}, desk.agent)):
        with pytest.raises(Refused):
            draft(marks, by)
    scored(desk.store, desk.supervisor, review)
    with desk.store.read() as session:
        assert draft_of(session, review, desk.supervisor) is None
        boss = session.get_one(User, desk.supervisor)
        assert [len(listed(session, boss, desk.supervisor, name)[0]) for name in (TODO, DONE)] == [0, 1]


def test_a_review_is_given_to_another_inspector_or_left_out_and_another_call_drawn(
    desk: Office, review: UUID
) -> None:
    with desk.store.work() as work:
        other = User(login="boss2", name="第二班长", post="supervisor", password="!")
        work.session.add(other)
    with desk.store.work() as work:
        assert (
            give_review(work, GiveReview(by=desk.supervisor, review=review, inspector=other.id)).state
            == "open"
        )
    with pytest.raises(Refused, match="somebody else's"):
        scored(desk.store, desk.supervisor, review)
    for inspector in (desk.agent, desk.leader, uuid7()):
        with pytest.raises(Refused) as told, desk.store.work() as work:
            give_review(work, GiveReview(by=desk.supervisor, review=review, inspector=inspector))
        assert told.value.field == "inspector"
    with pytest.raises(Refused), desk.store.work() as work:
        drop_review(work, DropReview(by=other.id, review=review, text=""))
    with desk.store.work() as work:
        order = DropReview(by=other.id, review=review, text="录音中只有噪声")
        assert drop_review(work, order).state == drop_review(work, order).state == "dropped"
        plan = work.session.get_one(QualityReview, review).plan
    assert plan is not None
    recorded(desk.store, desk.agent, 3)
    assert drawn(desk.store, desk.supervisor, plan).drawn == 2, "the one left out does not count"


def test_of_two_scores_at_the_same_time_one_counts(desk: Office, review: UUID) -> None:
    told: list[str] = []

    def take(tone: int) -> None:
        try:
            told.append(f"{scored(desk.store, desk.supervisor, review, tone=tone).percent:g}")
        except Refused as refused:
            told.append(refused.field)

    threads = [threading.Thread(target=take, args=(tone,)) for tone in (0, 0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["90", "review-over"]


def test_the_database_itself_keeps_steps_and_marks(desk: Office, review: UUID) -> None:
    scored(desk.store, desk.supervisor, review)
    for wish in (update(QualityStep).values(text=""), update(QualityMark).values(value=0)):
        with pytest.raises(DBAPIError, match="never changed or removed"), desk.store.work() as work:
            work.session.execute(wish)
    with desk.store.read() as session:
        assert session.scalars(select(Recording.state)).one() == "kept" and Rule().each == 3
