"""A case as its page shows it."""

from zoneinfo import ZoneInfo

import pytest

from backoffice.caseview import actions_for, find_case, view_case
from schema.desk.errors import Refused
from schema.desk.sessions import Visitor
from schema.rules.access import bare
from schema.rules.lifecycle import WAY
from tests.backoffice.conftest import NOW, Town

ZONE = ZoneInfo("Asia/Shanghai")


def who(town: Town, post: str) -> Visitor:
    user = town.users[post]
    return Visitor(user.id, user.login, user.name, post, "zh", user.seat, "", "", NOW, bare(post))


def test_the_forms_follow_the_life_cycle() -> None:
    seen = ("conceal", "reveal")
    offered = {state: actions_for(state, lambda right: True) for state in WAY}
    assert offered == {
        "collected": (),
        "accepted": ("file", "verify", "reject", "merge", "void", *seen),
        "filed": (
            "dispatch",
            "reply",
            "decide-extension",
            "answer",
            "ask-extension",
            "urge",
            "supervise",
            "instruct",
            "suspend",
            "merge",
            "split",
            "void",
            *seen,
        ),
        "dispatched": (
            "handle",
            "send-back",
            "sign",
            "delegate",
            "decide-extension",
            "answer",
            "ask-extension",
            "urge",
            "supervise",
            "instruct",
            "suspend",
            "merge",
            "void",
            *seen,
        ),
        "handled": (
            "check",
            "send-back",
            "ask-check",
            "recall-check",
            "decide-extension",
            "answer",
            "ask-extension",
            "urge",
            "supervise",
            "instruct",
            "suspend",
            "merge",
            "void",
            *seen,
        ),
        "checked": (
            "close",
            "send-back",
            "decide-extension",
            "answer",
            "ask-extension",
            "urge",
            "supervise",
            "instruct",
            "suspend",
            "void",
            *seen,
        ),
        "closed": ("reopen", *seen),
        "rated": ("reopen", *seen),
    }
    assert actions_for("suspended", lambda right: True) == ("resume", "void", *seen)
    assert actions_for("merged", lambda right: True) == ("unmerge", *seen)
    assert actions_for("void", lambda right: True) == seen
    assert actions_for("handled", lambda right: right == "case.send-back") == ()
    assert actions_for("dispatched", lambda right: right == "case.send-back") == ("send-back",)


def test_a_view_holds_what_its_reader_may_see(town: Town) -> None:
    case = town.filed()
    with town.store.read() as session:
        agent = view_case(
            session, find_case(session, case.case_no, who(town, "agent")), who(town, "agent"), ZONE, NOW
        )
        expert = view_case(
            session, find_case(session, str(case.id), who(town, "expert")), who(town, "expert"), ZONE, NOW
        )
        with pytest.raises(Refused, match="no such case"):
            find_case(session, "nothing", who(town, "agent"))
    assert (
        agent.actions == ("dispatch", "reply", "ask-extension", "urge", "merge", "split", "conceal")
        and agent.workers[0]["own"]
        and agent.cell
        and agent.citizen
    )
    assert expert.actions == () and expert.workers == [] and expert.recordings == []
    assert [hop.hop for hop in agent.hops] == ["case.collected", "case.accepted", "case.filed"]
    assert {str(hop.contact) for hop in agent.hops} == {str(case.contact)}
