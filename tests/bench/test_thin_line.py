"""What the handsets behind thin lines say comes to figures; a line that is down for long costs nothing but time."""

import pytest

from bench.rig.thinline import may_make_lines
from bench.thin_line import drive, figures, noise


def test_the_worst_photo_and_every_report_count() -> None:
    told = [
        {"small": [1.0] * 99 + [9.0], "undelivered": 0, "photo_s": 500.0},
        {"small": [2.0] * 100, "undelivered": 1, "photo_s": 600.0},
    ]
    found = figures(told, photo_bytes=2_000_000, bytes_up=4_400_000)
    assert found["goodput_worst"] == pytest.approx(2_000_000 * 8 / 30_000 / 600, abs=0.001)
    assert found["goodput"] == pytest.approx((16 / 15 + 16 / 18) / 2, abs=0.001)
    assert (found["small_p99_s"], found["small_max_s"], found["small"]) == (2.0, 9.0, 200)
    assert found["delivered_pct"] == pytest.approx(99.5, abs=0.01) and found["up_x_photo"] == 1.1


def test_a_photo_that_did_not_come_is_no_goodput() -> None:
    told = [{"small": [1.0], "undelivered": 0, "photo_s": None}]
    assert figures(told, photo_bytes=1, bytes_up=1)["goodput"] == 0.0


def test_a_photo_of_noise_is_as_large_as_asked() -> None:
    made = noise(200_000)
    assert made[:2] == b"\xff\xd8" and 200_000 <= len(made) < 260_000


@pytest.mark.real
def test_a_line_that_is_down_for_more_than_a_minute_loses_and_doubles_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not may_make_lines():
        pytest.skip("the line needs root and /dev/net/tun")
    monkeypatch.setenv("PATIENCE", "15")
    (told,), found = drive(1, 300_000, rate=120_000.0, every=2.0, outage=70.0)
    assert told["photo_s"] > 70 and told["undelivered"] == 0
    assert max(told["small"]) > 60, "some were written while the line was down"
    assert found["reports"] == len(told["small"]) + 1, "each once, and the one with the photo"
    assert found["photos"] == 1 and told["begun"][0] == 0 and len(told["begun"]) > 1
    assert told["begun"] == sorted(told["begun"]) and told["begun"][-1] > found["photo_bytes"] / 4, (
        "the photo went on where it was"
    )
