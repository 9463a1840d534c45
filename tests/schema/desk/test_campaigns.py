"""Campaigns: what the preview shows is what is made, once; results are reviewed; the end gives back the rest."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from schema.campaigns import Campaign, VisitReview
from schema.cases import Case
from schema.desk.campaignlists import PARTS, progress, results, walk, whole
from schema.desk.campaigns import close_campaign, make_campaign, pick_of, preview, review_visit, reviews_of
from schema.desk.donotcall import block_number
from schema.desk.errors import Refused
from schema.desk.visits import put_back_visit, record_try, take_visit
from schema.ids import CaseId, uuid7
from schema.orders import (
    BlockNumber,
    CloseCampaign,
    MakeCampaign,
    PutBackVisit,
    RecordTry,
    ReviewVisit,
    TakeVisit,
)
from schema.people import User
from schema.visits import Visit, VisitGift
from tests.schema.desk.casework import Office
from tests.schema.desk.test_visits import TEN, closed


@pytest.fixture(autouse=True)
def ten(desk: Office) -> None:
    desk.store.clock = lambda: TEN


def order(desk: Office, **changes: Any) -> MakeCampaign:
    return replace(
        MakeCampaign(
            by=desk.supervisor, name="十一月回访", first="2026-11-20", last="2026-11-24", seed="s", way="evenly",
            agents=(desk.agent, desk.clerk),
        ),
        **changes,
    )  # fmt: skip


def make(desk: Office, wanted: MakeCampaign) -> Campaign:
    with desk.store.work() as work:
        return make_campaign(work, wanted)


def visits(desk: Office) -> list[Visit]:
    with desk.store.read() as session:
        return list(session.scalars(select(Visit).order_by(Visit.id)))


def test_what_the_preview_shows_is_made_once_and_says_why_others_are_left_out(desk: Office) -> None:
    for n in range(3):
        closed(desk, number=f"1390000001{n}")
    closed(desk, number="anonymous")
    closed(desk, number="13900000020")
    secret = closed(desk, number="13900000021")
    taken, other = closed(desk, number="13900000022"), closed(desk, number="13900000023", class_="social")
    with desk.store.work() as work:
        block_number(work, BlockNumber(by=desk.agent, number="+8613900000020", reason="x"))
        take_visit(work, TakeVisit(by=desk.agent, case=CaseId(taken.id)))
        work.session.get_one(Case, secret.id).confidential = True
    wanted = order(desk, class_="government")
    with desk.store.read() as session:
        seen = preview(session, None, pick_of(wanted), "s", TEN, desk.store.zone)
    assert (len(seen.picked), seen.left) == (
        3,
        {"no-number": 1, "do-not-call": 1, "confidential": 1, "visited": 1},
    )
    campaign = make(desk, wanted)
    assert make(desk, wanted).id == campaign.id == wanted.order
    assert (campaign.picked, campaign.left) == (3, seen.left)
    mine = [row for row in visits(desk) if row.campaign == campaign.id]
    assert sorted(row.case for row in mine) == sorted(case.id for case in seen.picked)
    assert sorted(str(row.agent) for row in mine) == sorted(map(str, (desk.agent, desk.agent, desk.clerk)))
    with desk.store.read() as session:
        gifts = session.scalars(select(VisitGift).where(VisitGift.order == wanted.order)).all()
        rows = progress(session, campaign.id, TEN)
    assert len(gifts) == 3 and whole(rows).parts == dict.fromkeys(PARTS, 0) | {"todo": 3}
    assert [row.all for row in rows] == [2, 1] and other.id not in {row.case for row in mine}
    with pytest.raises(Refused) as bad:
        make(desk, order(desk, class_="government"))
    assert bad.value.field == "nobody-picked"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [({"name": " ", "agents": ()}, {"name", "agents"}), ({"first": "x", "last": ""}, {"first", "last"}),
     ({"way": "auto", "at_once": 0, "agents": ()}, {"at_once"}), ({"agents": (uuid7(),)}, {"agents"})],
)  # fmt: skip
def test_a_campaign_says_all_that_is_wrong_with_it(
    desk: Office, changes: dict[str, Any], fields: set[str]
) -> None:
    closed(desk)
    with pytest.raises(Refused) as bad:
        make(desk, order(desk, **changes))
    assert set(bad.value.fields) == fields
    with pytest.raises(Refused, match="right"):
        make(desk, order(desk, by=desk.agent))


def test_by_skill_a_case_goes_to_who_speaks_its_language_and_others_wait_for_anybody(desk: Office) -> None:
    with desk.store.work() as work:
        work.session.get_one(User, desk.agent).languages = "zh:10"
        work.session.get_one(User, desk.clerk).languages = "ug:8 zh:2"
    for n, language in enumerate(("ug", "zh", "en")):
        closed(desk, number=f"1390000003{n}", language=language)
    make(desk, order(desk, way="skill"))
    with desk.store.read() as session:
        found = dict(
            session.execute(select(Case.language, Visit.agent).join(Visit, Visit.case == Case.id)).all()
        )
    assert found == {"ug": desk.clerk, "zh": desk.agent, "en": None}
    # Nobody has it, and it is beyond the book's days: it can be taken all the same.
    desk.store.clock = lambda: TEN + timedelta(days=60)
    with desk.store.work() as work:
        assert take_visit(work, TakeVisit(by=desk.agent)).agent == desk.agent


def test_a_result_passes_or_is_called_again_and_the_end_gives_back_what_is_open(desk: Office) -> None:
    for n in range(3):
        closed(desk, number=f"1390000004{n}")
    campaign = make(desk, order(desk, agents=(desk.agent,)))
    reached, wrong, left = visits(desk)
    with desk.store.work() as work:
        record_try(work, RecordTry(by=desk.agent, visit=reached.id, result="reached", reception=1, rating=5))
        record_try(work, RecordTry(by=desk.agent, visit=wrong.id, result="wrong-number"))
    with desk.store.read() as session:
        rows, more = results(session, actor(desk, session), campaign.id, "dissatisfied")
        assert ([row.visit.id for row in rows], more) == ([reached.id], None)
        assert sum(len(some) for some in walk(session, actor(desk, session), campaign.id, limit=1)) == 3
    passed = ReviewVisit(by=desk.supervisor, visit=reached.id)
    again = ReviewVisit(by=desk.supervisor, visit=wrong.id, again=True, text="号码少一位")
    for _ in range(2):
        with desk.store.work() as work:
            review_visit(work, passed)
            found = review_visit(work, again)
    assert (found.ended, found.tries, found.agent, found.reviewed) == ("", 0, desk.agent, "again")
    for visit, changes, field in (
        (reached, {"again": True, "text": "x"}, "visit-rated"),
        (left, {}, "visit-open"),
    ):
        with desk.store.work() as work, pytest.raises(Refused) as bad:
            review_visit(work, ReviewVisit(by=desk.supervisor, visit=visit.id, **changes))  # type: ignore[arg-type]
        assert bad.value.field == field
    with desk.store.read() as session:
        assert len(session.scalars(select(VisitReview)).all()) == 2
        assert [(row.text, name) for row, name in reviews_of(session, wrong.id)] == [
            ("号码少一位", "name of supervisor")
        ]
    close = CloseCampaign(by=desk.supervisor, campaign=campaign.id)
    for _ in range(2):
        with desk.store.work() as work:
            assert close_campaign(work, close).unfinished == 2
    with desk.store.work() as work:
        again_mine = take_visit(work, TakeVisit(by=desk.clerk))
        assert again_mine.campaign is None and put_back_visit(
            work, PutBackVisit(by=desk.clerk, visit=again_mine.id)
        )
    names = [row.name for row in desk.said()]
    assert (names.count("CampaignMade"), names.count("CampaignClosed"), names.count("VisitReviewed")) == (
        1,
        1,
        2,
    )


def actor(desk: Office, session: Any) -> Any:
    from schema.desk.scope import actor_of

    return actor_of(session, session.get_one(User, desk.supervisor))
