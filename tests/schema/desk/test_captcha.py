"""Captchas are solved once, in time, however the digits are typed."""

from datetime import timedelta

import pytest

from schema.desk import captcha
from schema.doors import Captcha
from schema.store import Store


def fresh(store: Store) -> tuple[str, str]:
    with store.work() as work:
        id = captcha.begin(work)
        return id, work.session.get_one(Captcha, id).answer


def test_the_right_digits_hold_once(store: Store) -> None:
    id, answer = fresh(store)
    assert len(answer) == captcha.DIGITS and answer.isdigit()
    assert captcha.solve(store, id, answer)
    assert not captcha.solve(store, id, answer)


@pytest.mark.parametrize("given", ["", "x", "12", "0" * 99, "\0"])
def test_wrong_digits_use_it_up(store: Store, given: str) -> None:
    id, answer = fresh(store)
    assert not captcha.solve(store, id, given)
    assert not captcha.solve(store, id, answer)


def test_full_width_arabic_and_spaced_digits_are_the_same_digits(store: Store) -> None:
    for zero in ("０", "٠", "۰"):
        id, answer = fresh(store)
        assert captcha.solve(store, id, " ".join(chr(ord(zero) + int(digit)) for digit in answer))


def test_it_ends_after_five_minutes_and_is_swept_out(store: Store) -> None:
    id, answer = fresh(store)
    clock = store.clock
    store.clock = lambda: clock() + captcha.LASTS
    assert not captcha.solve(store, id, answer)
    old, _ = fresh(store)
    store.clock = lambda: clock() + 3 * captcha.LASTS + timedelta(seconds=1)
    new, _ = fresh(store)
    with store.read() as session:
        assert session.get(Captcha, old) is None and session.get(Captcha, new) is not None


def test_it_is_drawn_and_said_a_dozen_times_and_no_more(store: Store) -> None:
    id, answer = fresh(store)
    for n in range(captcha.MOST_SERVED + 1):
        with store.work() as work:
            assert captcha.serve(work, id) == (answer if n < captcha.MOST_SERVED else None)
    with store.work() as work:
        assert captcha.serve(work, "nothing") is None and captcha.serve(work, "\0") is None
    assert not captcha.solve(store, "nothing\0é", answer)
