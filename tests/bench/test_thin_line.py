"""What the handsets behind thin lines say comes to figures; the photo is as large as it should be."""

import pytest

from bench.thin_line import figures, noise


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
