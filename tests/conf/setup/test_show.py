"""What a person sees while set-up runs."""

import io

from conf.setup.show import EVERY, Show


class Hand:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_steps_are_numbered_and_time_counts_from_the_first_word() -> None:
    out, clock = io.StringIO(), Hand()
    show = Show(out, 2, clock)
    first, second = show.step("Asterisk"), show.step("Pages")
    clock.now += 50
    first.say("unpacking …")
    clock.now += 31
    first.done("22.10.1")
    second.done("never began")
    assert out.getvalue().splitlines() == ["[1/2] Asterisk: unpacking …", "[1/2] Asterisk: 22.10.1 (31 s)"]


def test_progress_is_told_every_few_seconds_with_its_share() -> None:
    out, clock = io.StringIO(), Hand()
    step = Show(out, 1, clock).step("Asterisk")
    step.say("fetching …")
    for done in range(10):
        step.progress("fetching", done, 10, "MB")
        clock.now += EVERY / 2
    lines = out.getvalue().splitlines()[1:]
    assert lines == [f"[1/1] Asterisk: fetching {n} of 10 MB ({n * 10} %)" for n in (2, 4, 6, 8)]
