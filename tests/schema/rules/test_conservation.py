from hypothesis import given
from hypothesis import strategies as st

from schema.rules.conservation import NAMES, Counts, broken, total

whole = st.builds(
    lambda a, b, c, d, e: Counts(a + b + c + d + e, a, b, c, d, e), *(st.integers(0, 50) for _ in range(5))
)


@given(st.dictionaries(st.sampled_from(["hotline", "water", "tax"]), whole))
def test_what_adds_up_is_not_complained_about(queues: dict[str, Counts]) -> None:
    assert broken(queues) == []
    assert broken(queues, total(queues.values())) == []


@given(whole, st.sampled_from(NAMES), st.integers(1, 5))
def test_one_caller_too_many_or_too_few_is_always_found(counts: Counts, name: str, off: int) -> None:
    wrong = Counts(**{n: getattr(counts, n) + (off if n == name else 0) for n in NAMES})
    assert len(broken({"hotline": wrong})) == 1
    assert any(f"all queues: {name} is shown as" in words for words in broken({"hotline": counts}, wrong))


def test_it_says_in_words_what_is_broken() -> None:
    assert broken({"tax": Counts(10, 5, 2, 0, 1, 1), "hotline": Counts(1, 1, 1)}) == [
        "queue hotline: 1 offered, but 1 answered + 1 abandoned + 0 overflowed + 0 called back + 0 waiting = 2: "
        "1 too many",
        "queue tax: 10 offered, but 5 answered + 2 abandoned + 0 overflowed + 1 called back + 1 waiting = 9: "
        "1 of them lost",
    ]


def test_fewer_than_nobody_cannot_wait() -> None:
    assert broken({"tax": Counts(1, 2, waiting=-1)}) == ["queue tax: waiting is -1"]


def test_who_overflows_is_offered_in_both_queues_and_still_adds_up() -> None:
    queues = {"water": Counts(1, overflowed=1), "hotline": Counts(1, answered=1)}
    assert broken(queues, Counts(2, answered=1, overflowed=1)) == []
