"""What of the facts a token sees: by family and right, and of its own agent alone without board.see."""

from typing import Any

import pytest

from backoffice.api.seen import FAMILIES, NAMES, RIGHTS, family_of, sight, wanted
from schema.desk import tokens
from schema.desk.tokens import Holder
from schema.rules.access import RIGHTS as ALL
from schema.wire import FACTS, ORDERS
from tests.backoffice.api.conftest import program
from tests.backoffice.conftest import Town


def holder(town: Town, post: str, *rights: str) -> Holder:
    with town.store.read() as session:
        found = tokens.find(session, program(town, post, *rights).secret, town.clock())
    assert found is not None
    return found


def seen(who: Holder, body: Any) -> set[str]:
    sees = sight(who, wanted(None), lambda mode: mode == "barge")
    return {name for name in [*FACTS, *ORDERS, "Nonsense"] if sees(name, body)}


def of(*families: str) -> set[str]:
    return {name for name, family in NAMES.items() if family in families}


def test_every_family_is_known_and_needs_a_right_there_is() -> None:
    assert set(NAMES.values()) == set(FAMILIES) == set(RIGHTS)
    assert set(RIGHTS.values()) <= set(ALL)
    assert family_of("OpenSeat") == family_of("DutyStarted") == family_of("") == ""


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_seen_with_its_right(town: Town, family: str) -> None:
    who = holder(town, "supervisor", "board.see", "seat.supervise", RIGHTS[family])
    assert seen(who, {}) == of(family, *(["agents"] if family != "agents" else [])) | {
        name for name, other in NAMES.items() if RIGHTS[other] in who.rights
    }


def test_who_listens_in_is_a_supervisors_to_know_and_the_agents_where_it_is_shown(town: Town) -> None:
    watches = {"WatchStarted", "WatchEnded"}
    assert watches <= seen(holder(town, "supervisor", "*"), {"seat": "101", "mode": "listen"})
    agent = holder(town, "agent", "*")
    assert not watches & seen(agent, {"seat": "101", "mode": "listen"})
    assert watches <= seen(agent, {"seat": "101", "mode": "barge"})


def test_without_the_board_only_what_concerns_the_own_agent(town: Town) -> None:
    agent = holder(town, "agent", "*")
    assert seen(agent, {"seat": "102"}) == seen(agent, {}) == set()
    assert seen(agent, {"seat": "101", "mode": "barge"}) == of(
        "agents", "calls", "callbacks", "recordings", "cases"
    )
    assert seen(holder(town, "admin", "*"), {}) == of("agents")
    assert seen(holder(town, "clerk", "*"), {"seat": "101"}) == set()


def test_names_and_families_are_asked_for() -> None:
    assert wanted("agents") == of("agents") and wanted("SeatReady,calls") == of("calls") | {"SeatReady"}
    assert wanted(None) == wanted("") == set(NAMES)
    for wrong in ("seats", "Hold", "agents,nothing"):
        with pytest.raises(KeyError):
            wanted(wrong)


def test_a_confidential_case_is_told_only_to_a_token_that_carries_the_right_to_such_cases(town: Town) -> None:
    body = {"confidential": True, "department": str(town.units["unit"].id)}
    without = holder(town, "supervisor", "board.see", "case.read")
    assert of("cases") <= seen(without, {}) and not of("cases") & seen(without, body)
    assert of("cases") <= seen(
        holder(town, "supervisor", "board.see", "case.read", "case.confidential"), body
    )
