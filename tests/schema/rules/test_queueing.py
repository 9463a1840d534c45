from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.rules.queueing import (
    TOP,
    Caller,
    Idle,
    Relax,
    Rules,
    changes_after,
    level,
    match,
    may_serve,
    need,
    scarcity,
    turn,
)

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)


def caller(n: int, waited: int, priority: int = 0, returning: bool = False) -> Caller:
    return Caller(UUID(int=n), NOON - timedelta(seconds=waited), priority, returning)


def seat(name: str, idle: int) -> Idle:
    return Idle(name, NOON - timedelta(seconds=idle))


def order(callers: list[Caller]) -> list[int]:
    seats = [seat(str(n), n) for n in range(len(callers))]
    return [c.call.int for c, _ in match(callers, seats)]


def test_who_waited_longest_goes_first() -> None:
    assert order([caller(1, 5), caller(2, 50), caller(3, 20)]) == [2, 3, 1]


def test_who_comes_back_from_a_seat_goes_before_them() -> None:
    assert order([caller(1, 500), caller(2, 5, returning=True)]) == [2, 1]


def test_priority_goes_before_everything() -> None:
    assert order([caller(1, 500, returning=True), caller(2, 5, priority=1), caller(3, 1, priority=9)]) == [
        3,
        2,
        1,
    ]


def test_the_seat_that_is_idle_longest_is_rung() -> None:
    ((_, rung),) = match([caller(1, 1)], [seat("101", 5), seat("102", 50), seat("103", 10)])
    assert rung.seat == "102"


def test_nobody_waits_or_nobody_is_there() -> None:
    assert match([], [seat("101", 1)]) == []
    assert match([caller(1, 1)], []) == []


@given(
    st.lists(st.builds(caller, st.integers(0, 10**6), st.integers(0, 99), st.integers(0, 9), st.booleans()),
             unique_by=lambda c: c.call),
    st.lists(st.builds(seat, st.text("0123456789", min_size=2, max_size=4), st.integers(0, 99)),
             unique_by=lambda s: s.seat),
)  # fmt: skip
def test_everybody_once_and_nobody_left_out(callers: list[Caller], seats: list[Idle]) -> None:
    pairs = match(callers, seats)
    assert len(pairs) == min(len(callers), len(seats))
    assert len({c.call for c, _ in pairs}) == len({s.seat for _, s in pairs}) == len(pairs)
    sent = [c.priority for c, _ in pairs]
    left = {c.call for c in callers} - {c.call for c, _ in pairs}
    assert sent == sorted(sent, reverse=True)
    assert all(c.priority <= min(sent, default=9) for c in callers if c.call in left) or not sent
    assert match(callers[::-1], seats[::-1]) == pairs


RULES = Rules(Relax(relax_after=60, relax_every=30, relax_by=2, any_after=300), age_every=600)
PIPES = (("pipes", 5),)


def served(who: Caller, *seats: Idle, waited: int = 0, rules: Rules = RULES) -> list[str]:
    return [s.seat for _, s in match([who], seats, who.since + timedelta(seconds=waited), rules)]


def wanting(n: int = 1, **how: object) -> Caller:
    return Caller(UUID(int=n), NOON, **how)  # type: ignore[arg-type]


def test_a_seat_needs_the_queue_the_language_and_every_skill_at_its_level() -> None:
    who = wanting(queue="water", language="ug", wants=(("pipes", 5), ("bills", 1)))
    able = {"languages": {"ug": 1}, "skills": {"pipes": 5, "bills": 3}}
    assert served(who, Idle("101", NOON, **able)) == ["101"]  # type: ignore[arg-type]
    assert served(who, Idle("101", NOON, queues=frozenset({"water"}), **able)) == ["101"]  # type: ignore[arg-type]
    assert served(who, Idle("101", NOON, queues=frozenset({"tax"}), **able)) == []  # type: ignore[arg-type]
    for languages, skills in (
        ({"zh": 10}, {"pipes": 5, "bills": 3}),
        ({"ug": 1}, {"pipes": 4, "bills": 3}),
        ({"ug": 1}, {"pipes": 5}),
    ):
        assert served(who, Idle("101", NOON, languages=languages, skills=skills)) == []


def test_who_cannot_be_served_holds_up_nobody_behind() -> None:
    first, second = caller(1, 100), caller(2, 5)
    first = Caller(first.call, first.since, language="ug")
    ((who, _),) = match([first, second], [seat("101", 1)], NOON)
    assert who == second


def test_the_last_agent_goes_before_all_who_may_serve_but_only_if_she_may() -> None:
    user = UUID(int=77)
    seats = [Idle("101", NOON - timedelta(seconds=99)), Idle("102", NOON, user=user, skills={"a": 1, "b": 1})]
    assert served(wanting(sticky="102"), *seats) == ["102"]
    assert served(wanting(sticky=str(user)), *seats) == ["102"]
    assert served(wanting(sticky="102", wants=PIPES), *seats, Idle("103", NOON, skills={"pipes": 9})) == [
        "103"
    ]
    assert served(wanting(sticky="109"), *seats) == ["101"]


def test_the_polyglot_stays_free_while_another_will_do() -> None:
    polyglot = Idle(
        "101", NOON - timedelta(hours=1), languages={"zh": 9, "en": 9, "ug": 9}, skills={"pipes": 9}
    )
    plain = Idle("102", NOON, languages={"zh": 3})
    pairs = match([wanting(1, language="zh"), wanting(2, language="ug")], [polyglot, plain], NOON)
    assert [(c.call.int, s.seat) for c, s in pairs] == [(1, "102"), (2, "101")]


def test_a_scarce_skill_weighs_more_than_two_common_ones() -> None:
    common = [Idle(str(n), NOON, languages={"zh": 5}, skills={"a": 1, "b": 1}) for n in range(9)]
    rare = Idle("100", NOON - timedelta(hours=1), languages={"zh": 5}, skills={"sign": 1})
    weights = scarcity([*common, rare])
    assert weights == {"zh": 1, "a": 1, "b": 1, "sign": 10}
    assert served(wanting(language="zh"), common[0], rare, rules=RULES) == ["100"]
    assert served(wanting(language="zh"), common[0], rare, rules=Rules(weights=weights)) == ["0"]


@pytest.mark.parametrize(("waited", "least"), [(0, 5), (59, 5), (60, 3), (89, 3), (90, 1), (120, None)])
def test_a_minimum_loosens_step_by_step(waited: int, least: int | None) -> None:
    now = NOON + timedelta(seconds=waited)
    assert need(wanting(wants=PIPES), now, RULES).wants == ((("pipes", least),) if least else ())


def test_a_language_loosens_to_a_little_and_to_another_only_at_the_end() -> None:
    rules = Rules(RULES.relax, language_level=6)
    little, none = Idle("101", NOON, languages={"ug": 2}), Idle("102", NOON, languages={"zh": 9})
    who = wanting(language="ug")
    assert served(who, little, waited=89, rules=rules) == []
    assert served(who, little, waited=90, rules=rules) == ["101"]
    assert served(who, none, waited=299, rules=rules) == []
    assert served(who, none, waited=300, rules=rules) == ["102"]


def test_a_queue_never_loosens() -> None:
    other = Idle("101", NOON, queues=frozenset({"tax"}))
    assert served(wanting(queue="water"), other, waited=10**6) == []


def test_nobody_is_offered_before_their_time() -> None:
    who = wanting(not_before=NOON + timedelta(seconds=5))
    assert served(who, seat("101", 0), waited=4) == []
    assert served(who, seat("101", 0), waited=5) == ["101"]


def test_a_pick_goes_before_turn_and_skill_and_the_first_pick_wins() -> None:
    first, last = wanting(1, priority=9), wanting(2, wants=(("pipes", 10),))
    seats, call = [seat("101", 5), seat("102", 1)], last.call
    pairs = match([first, last], seats, NOON, RULES, {"102": call, "101": call, "109": first.call})
    assert [(c.call.int, s.seat) for c, s in pairs] == [(2, "102"), (1, "101")]


def test_a_promised_call_back_has_the_place_of_its_wait() -> None:
    kept = Caller(UUID(int=1), NOON - timedelta(seconds=100), callback=True)
    ((who, _),) = match([caller(2, 99), kept], [seat("101", 1)], NOON)
    assert who == kept


def test_every_ten_minutes_lift_a_caller_one_level_up_to_the_top() -> None:
    who = wanting(priority=3)
    levels = [level(who, NOON + timedelta(minutes=m), RULES) for m in (0, 9, 10, 59, 60, 6000)]
    assert levels == [3, 3, 4, 8, 9, TOP]
    assert level(who, None, RULES) == level(who, NOON + timedelta(days=1), Rules(age_every=None)) == 3


@given(st.integers(0, 9), st.integers(1, 30), st.integers(1, 400))
def test_nobody_starves_however_many_urgent_callers_come(priority: int, ahead: int, age_every: int) -> None:
    """One seat takes one caller a minute; an urgent one comes every minute and `ahead` more are there already."""
    rules = Rules(age_every=age_every)
    waiting = [wanting(0, priority=priority), *(wanting(n, priority=9) for n in range(1, ahead + 1))]
    bound = age_every * (TOP - priority) // 60 + ahead + 2
    for minute in range(bound + 1):
        now = NOON + timedelta(minutes=minute)
        waiting.append(Caller(UUID(int=1000 + minute), now, priority=9))
        ((served_now, _),) = match(waiting, [seat("101", 0)], now, rules)
        waiting.remove(served_now)
        if served_now.call.int == 0:
            return
    raise AssertionError(f"still waiting after {bound} minutes")


needy = st.builds(
    lambda n, waited, priority, language, least, later: Caller(
        UUID(int=n), NOON - timedelta(seconds=waited), priority, language=language, wants=(("pipes", least),),
        not_before=None if later is None else NOON + timedelta(seconds=later),
    ),
    st.integers(0, 99), st.integers(-50, 700), st.integers(0, 9), st.sampled_from(["", "zh", "ug"]), st.integers(1, 10),
    st.none() | st.integers(0, 100),
)  # fmt: skip
able = st.builds(
    lambda n, languages, least: Idle(str(n), NOON, languages=languages, skills={"pipes": least}),
    st.integers(100, 120), st.dictionaries(st.sampled_from(["zh", "ug"]), st.integers(1, 10)), st.integers(1, 10),
)  # fmt: skip


@given(st.lists(needy, unique_by=lambda c: c.call), st.lists(able, unique_by=lambda s: s.seat))
def test_no_pair_is_wrong_and_none_is_missed(callers: list[Caller], seats: list[Idle]) -> None:
    pairs = match(callers, seats, NOON, RULES)
    assert all(may_serve(need(c, NOON, RULES), s) for c, s in pairs)
    left = [c for c in callers if c not in [who for who, _ in pairs] and (c.not_before or NOON) <= NOON]
    free = [s for s in seats if s not in [where for _, where in pairs]]
    assert not any(may_serve(need(c, NOON, RULES), s) for c in left for s in free)
    for who in left:  # whoever could have served them serves somebody whose turn was before
        for other, where in pairs:
            if may_serve(need(who, NOON, RULES), where):
                assert turn(other, NOON, RULES) < turn(who, NOON, RULES)
    assert match(callers[::-1], seats[::-1], NOON, RULES) == pairs


@given(needy, st.integers(-100, 2000))
def test_between_two_changes_nothing_changes_and_there_is_a_last(who: Caller, seconds: int) -> None:
    now = NOON + timedelta(seconds=seconds)
    after = changes_after(who, now, RULES)
    until = (after or now + timedelta(days=9)) - timedelta(microseconds=1)

    def state(at: datetime) -> object:
        return need(who, at, RULES), turn(who, at, RULES), who.not_before is None or who.not_before <= at

    assert state(until) == state(now)
    assert after is None or after > now


def test_settings_that_cannot_be_are_refused() -> None:
    for how in ({"relax_every": 0}, {"relax_by": 0}):
        with pytest.raises(ValueError, match="loosen"):
            Relax(**how)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="lifts"):
        Rules(age_every=0)
