"""The matcher gives the rule's pairs, whatever comes and goes in whatever order."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

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
