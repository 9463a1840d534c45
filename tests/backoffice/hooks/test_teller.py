"""What is told to whom: by family and name, once, from when it was subscribed; who listens in is told to nobody."""

import json
from datetime import timedelta

from msgspec.structs import replace

from backoffice.hooks.teller import CTI, EVENTS, HEARD, KNOWN
from schema import facts
from schema.desk import webhooks
from schema.ids import CallId, CaseId, ContactId, uuid7
from tests.backoffice.hooks.conftest import Tellers
from tests.conftest import store_url  # noqa: F401 (on both databases)


def call(tellers: Tellers) -> facts.CallEnded:
    id = uuid7()
    return facts.CallEnded(
        at=tellers.town.clock(),
        call=CallId(id),
        contact=ContactId(id),
        node="p",
        stage="ivr",
        outcome="abandoned",
    )


def case(tellers: Tellers) -> facts.CaseClosed:
    id = uuid7()
    return facts.CaseClosed(
        at=tellers.town.clock(), contact=ContactId(id), case=CaseId(id), case_no="ZW-20261124-0001", state="closed",
        version=9, by=None,
    )  # fmt: skip


def test_each_is_told_what_it_wants(tellers: Tellers) -> None:
    calls = tellers.hook("https://example.org/a", "calls")
    named = tellers.hook("https://example.org/b", "CaseClosed", "agents")
    tellers.tell(call(tellers))
    tellers.tell(case(tellers))
    assert [(row.hook, row.name) for row in tellers.log()] == [
        (calls.id, "CallEnded"),
        (named.id, "CaseClosed"),
    ]
    assert tellers.woken == 2


def test_a_fact_heard_twice_is_told_once(tellers: Tellers) -> None:
    tellers.hook("https://example.org/a", "calls")
    key, fact = uuid7(), call(tellers)
    for _ in range(2):
        tellers.tell(fact, key)
    assert len(tellers.log()) == 1


def test_nothing_is_told_of_before_or_while_it_is_paused(tellers: Tellers) -> None:
    old = call(tellers)
    tellers.town.clock.now += timedelta(seconds=1)
    hook = tellers.hook("https://example.org/a", "calls")
    tellers.tell(old)
    with tellers.town.store.work() as work:
        webhooks.pause_hook(work, hook.id)
    tellers.tell(call(tellers))
    assert tellers.log() == []
    with tellers.town.store.work() as work:
        webhooks.resume(work, hook.id)
    tellers.tell(call(tellers))
    assert len(tellers.log()) == 1


def test_what_is_confidential_stays_in_the_house(tellers: Tellers) -> None:
    tellers.hook("https://example.org/a", "cases")
    tellers.tell(replace(case(tellers), confidential=True))
    assert tellers.log() == []
    tellers.tell(case(tellers))
    assert len(tellers.log()) == 1


def test_who_listens_in_is_no_event(tellers: Tellers) -> None:
    assert not {"WatchStarted", "WatchEnded"} & (set(EVENTS) | {kind.__name__ for kind in HEARD})
    assert (
        set(CTI) <= set(EVENTS) and {"calls", "cases", "CaseFiled"} <= KNOWN and "WatchStarted" not in KNOWN
    )


def test_cti_is_told_of_calls_with_what_their_record_knows(tellers: Tellers) -> None:
    row = tellers.town.call(
        outcome="answered", seat="101", queue="hotline", user=tellers.town.users["agent"].id
    )
    tellers.hook("https://example.org/a", *CTI, kind="cti")
    common = {
        "at": tellers.town.clock(),
        "call": CallId(row.id),
        "contact": ContactId(row.contact),
        "node": "pbx1",
    }
    tellers.tell(facts.CallEntered(**common, leg="1", channel="x", number=row.number, dialled="12345"))  # type: ignore[arg-type]
    tellers.tell(facts.CallQueued(**common, queue="hotline", language="zh"))  # type: ignore[arg-type]
    tellers.tell(facts.CallAnswered(**common, seat="101", leg="2"))  # type: ignore[arg-type]
    tellers.tell(facts.CallEnded(**common, stage="talking", outcome="answered"))  # type: ignore[arg-type]
    told = [json.loads(one.body) for one in tellers.log()]
    ends = {"from": row.number, "to": "12345", "direction": "in", "callId": str(row.id)}
    answered = {"answeringNumber": "101", "user": ["agent 某"]}
    assert told == [
        {"event": "newCall", **ends},
        {"event": "answer", **ends, **answered},
        {"event": "hangup", **ends, "cause": "normalClearing", **answered},
    ]
