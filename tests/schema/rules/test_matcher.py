"""The matcher gives the rule's pairs, whatever comes and goes in whatever order."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.rules.matcher import Matcher
from schema.rules.queueing import Caller, Idle, Relax, Rules, match

NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
RULES = Rules(Relax(relax_after=20, relax_every=10, relax_by=2, any_after=60), age_every=30, language_level=3)


def at(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)


def caller(n: int, since: int = 0, **how: object) -> Caller:
    return Caller(UUID(int=n), at(since), **how)  # type: ignore[arg-type]


languages = st.sampled_from(["", "zh", "en", "ug"])
skills = st.dictionaries(st.sampled_from(["water", "tax"]), st.integers(1, 10), max_size=2)
callers = st.builds(
    lambda n, since, priority, returning, queue, language, wants, sticky, later: caller(
        n, since, priority=priority, returning=returning, queue=queue, language=language, wants=tuple(wants.items()),
        sticky=sticky, not_before=None if later is None else at(later),
    ),
    st.integers(1, 12), st.integers(0, 50), st.integers(0, 9), st.booleans(), st.sampled_from(["a", "b"]), languages,
    skills, st.sampled_from(["", "101", "103", str(UUID(int=5))]), st.none() | st.integers(0, 100),
)  # fmt: skip
seats = st.builds(
    lambda name, since, user, spoken, can, queues: Idle(
        name, at(since), user=UUID(int=user), languages=spoken, skills=can, queues=frozenset(queues)
    ),
    st.sampled_from(["101", "102", "103", "104", "105"]), st.integers(0, 50), st.integers(4, 6),
    st.dictionaries(st.sampled_from(["zh", "en", "ug"]), st.integers(1, 10)), skills,
    st.sets(st.sampled_from(["a", "b"])),
)  # fmt: skip
steps = st.lists(
    st.one_of(
        callers, seats, st.integers(1, 12), st.sampled_from(["101", "102", "103"]), st.just("match"), st.just("wait")
    ),
    max_size=40,
)  # fmt: skip


@settings(max_examples=300)
@given(steps)
def test_it_gives_the_pairs_of_the_rule(play: list[object]) -> None:
    matcher, waiting, idle, now = Matcher(RULES), {}, {}, 50
    for step in play:
        if isinstance(step, Caller):
            waiting[step.call] = step
            matcher.add_caller(step, at(now))
        elif isinstance(step, Idle):
            idle[step.seat] = step
            matcher.add_seat(step)
        elif isinstance(step, int):
            waiting.pop(UUID(int=step), None)
            matcher.remove_caller(UUID(int=step))
        elif step == "wait":
            now += 13
        elif step == "match":
            wanted = match(waiting.values(), idle.values(), at(now), RULES)
            assert matcher.decide(at(now)) == wanted
            for who, where in wanted:
                del waiting[who.call], idle[where.seat]
        else:
            idle.pop(str(step), None)
            matcher.remove_seat(str(step))
    assert (matcher.waiting, matcher.idle) == (len(waiting), len(idle))


def test_a_pick_goes_before_turn_and_skill() -> None:
    matcher = Matcher(RULES)
    matcher.add_caller(caller(1, 0, queue="a"), at(1))
    matcher.add_caller(caller(2, 1, queue="b", wants=(("water", 9),)), at(1))
    matcher.add_seat(Idle("101", at(0), queues=frozenset({"a"})))
    assert [(c.call.int, s.seat) for c, s in matcher.decide(at(1), {"101": UUID(int=2)})] == [(2, "101")]
    assert matcher.decide(at(1), {"101": UUID(int=9)}) == []


@settings(max_examples=100)
@given(st.lists(callers, unique_by=lambda c: c.call), st.lists(seats, unique_by=lambda s: s.seat), st.data())
def test_picks_are_taken_as_the_rule_takes_them(
    waiting: list[Caller], idle: list[Idle], data: st.DataObject
) -> None:
    names = st.sampled_from(["101", "102", "103", "109"])
    picks = data.draw(st.dictionaries(names, st.builds(lambda n: UUID(int=n), st.integers(1, 12))))
    matcher = Matcher(RULES)
    for caller_ in waiting:
        matcher.add_caller(caller_, at(50))
    for seat in idle:
        matcher.add_seat(seat)
    assert matcher.decide(at(60), picks) == match(waiting, idle, at(60), RULES, picks)


def test_people_who_learn_all_the_time_do_not_make_it_forget_who_is_idle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("schema.rules.matcher.MOST_KINDS", 3)
    matcher = Matcher(RULES)
    matcher.add_caller(caller(1, 0, wants=(("water", 10),)), at(0))
    matcher.add_seat(Idle("102", at(0), skills={"water": 1}))
    for n in range(50):
        matcher.add_seat(Idle("101", at(n), skills={f"skill{n}": 5}))
    assert matcher.decide(at(0)) == []
    matcher.add_seat(Idle("103", at(0), skills={"water": 10, "tax": 1}))
    assert [seat.seat for _, seat in matcher.decide(at(1))] == ["103"]
    assert matcher.remove_seat("101") is not None and matcher.remove_seat("102") is not None
    assert (matcher.idle, matcher.remove_seat("102"), matcher.remove_caller(UUID(int=1))) == (0, None, None)


def test_time_that_runs_backwards_does_not_make_anybody_wait_less() -> None:
    matcher = Matcher(RULES)
    matcher.add_caller(caller(1, 0, language="ug"), at(0))
    assert matcher.decide(at(60)) == []
    matcher.add_seat(Idle("101", at(0)))
    assert len(matcher.decide(at(5))) == 1
