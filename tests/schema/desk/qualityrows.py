"""What the tests of quality inspection share: recorded calls, a plan, and a call scored."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from schema.calls import CallRow, LegRow
from schema.defaults import default_body
from schema.desk.quality import score_review
from schema.desk.qualityplans import draw_sample, save_plan
from schema.ids import uuid7
from schema.orders import DrawSample, SavePlan, ScoreReview
from schema.quality import QualityDraw, QualityPlan, QualityReview
from schema.recordings import Recording
from schema.rules.sampling import Rule
from schema.rules.scoresheet import read_quality
from schema.store import Store

NOW = datetime(2026, 11, 26, 4, tzinfo=UTC)  # a Thursday; the week began on the 23rd
WEEK = "2026-11-23"
SHEET = read_quality(default_body("quality")).sheets[0]
WELL: dict[str, Any] = {item.code: {"value": item.most} for item in SHEET.items()}


def recorded(
    store: Store, agent: UUID, count: int = 1, *, seconds: float = 90.0, **changes: Any
) -> list[UUID]:
    """Answered legs of an agent, recorded, the first a day ago and each a minute before the last; their recordings."""
    found = []
    with store.work() as work:
        for n in range(count):
            contact, at = uuid7(), store.clock() - timedelta(days=1, minutes=n)
            call: dict[str, Any] = {"id": contact, "contact": contact, "node": "pbx1", "number": "13800000001",
                                    "queue": "hotline", "entered_at": at, "outcome": "answered"}  # fmt: skip
            work.session.add(CallRow(**call | changes))
            work.session.flush()
            contact = changes.get("contact", contact)
            leg = f"1.{contact.int % 10**9}.{n}"
            work.session.add(LegRow(node="pbx1", leg=leg, call=call["id"], kind="seat", seat="101", user=agent,
                                    started_at=at, answered_at=at))  # fmt: skip
            row = Recording(id=uuid7(), contact=contact, call=call["id"], node="pbx1", leg=leg, seat="101",
                            name=f"x{leg}", state="kept", started_at=at, kept_at=at, seconds=seconds)  # fmt: skip
            work.session.add(row)
            found.append(row.id)
    return found


def planned(
    store: Store, by: UUID, *inspectors: UUID, rule: Rule | None = None, **changes: Any
) -> QualityPlan:
    """A plan."""
    order = SavePlan(by=by, plan=uuid7(), name="每周抽检", rule=json.dumps((rule or Rule(each=2)).body()),
                     sheet="hotline", inspectors=inspectors or (by,), **changes)  # fmt: skip
    with store.work() as work:
        return save_plan(work, order)


def drawn(store: Store, by: UUID, plan: UUID, **changes: Any) -> QualityDraw:
    """A draw of the week."""
    with store.work() as work:
        return draw_sample(work, DrawSample(**{"by": by, "plan": plan, "week": WEEK} | changes))


def scored(store: Store, by: UUID, review: UUID, **marks: Any) -> QualityReview:
    """A call scored well, but for these items: a value or a mark of each."""
    said = {code: one if isinstance(one, dict) else {"value": one} for code, one in marks.items()}
    with store.work() as work:
        return score_review(
            work, ScoreReview(by=by, review=review, marks=json.dumps(WELL | said), text="总体不错")
        )
