"""The leader's page: today's brief, hot cases, instructions with how they stand, and the cases that one follows."""

from typing import Any

from flask import Blueprint, render_template

from backoffice.briefs import shown_brief
from backoffice.office import office, visitor
from backoffice.rights import needs
from schema.desk.briefs import brief_of
from schema.desk.hotlist import hot_cases
from schema.desk.leading import followed_cases, instructions
from schema.desk.scope import visible_cases
from schema.ids import uuid7
from schema.rules.instructions import standing

pages = Blueprint("leader", __name__)
HOT = 20


@pages.get("/leader")
@needs("leader.see")
def page() -> str:
    """What a leader looks at in the morning, and once more in the evening."""
    store = office().store
    now = store.clock()
    today = now.astimezone(store.zone).date()
    brief = brief_of(store, today)
    with store.read() as session:
        seen = visible_cases(session, visitor())
        hot_now = hot_cases(session, seen, now, HOT)
        mine = followed_cases(session, visitor().id, seen)
        given = instructions(session, seen, now)
    found: dict[str, Any] = shown_brief(brief)
    found |= {
        "hot_now": hot_now,
        "mine": mine,
        "follows": {case.id for case, _ in mine},
        "given": [
            (
                row,
                standing(
                    row.order.made_at, row.order.answer_by, row.order.read_at, row.order.answered_at, now
                ),
            )
            for row in given
        ],
        "today": today,
        "order": uuid7,
    }
    return render_template("leader.html", **found)
