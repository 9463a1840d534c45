"""The ears' bench in small: each reader hears all of the stream."""

import pytest

from bench import ears


@pytest.mark.parametrize("who", ["ours", "panoramisk", "plain"])
def test_each_reader_hears_everything_and_says_what_it_took(who: str) -> None:
    found = ears._once(who, 4000)
    assert found["rate"] > 0 and found["cpu_s"] > 0 and found["wall_s"] > 0
