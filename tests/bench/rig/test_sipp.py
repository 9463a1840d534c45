"""What a generator counted, and its first complaint, from the files it leaves."""

from pathlib import Path

import pytest

from bench.rig.sipp import Count, Sipp

HEAD = "OutgoingCall(C);IncomingCall(C);SuccessfulCall(C);FailedCall(C);Retransmissions(C);CurrentCall"


@pytest.fixture
def run(tmp_path: Path) -> Sipp:
    return Sipp("seats", tmp_path, port=5070, answer=20, talk=500)


def test_the_scenario_is_filled_in(run: Sipp, tmp_path: Path) -> None:
    text = (tmp_path / "seats.xml").read_text("utf-8")
    assert 'milliseconds="500"' in text and "@" not in text.replace("@[", "")


def test_the_last_line_counts(run: Sipp, tmp_path: Path) -> None:
    assert run.count() == Count()
    (tmp_path / "counts.csv").write_text(f"{HEAD}\n1;0;0;0;0;1\n5;0;3;1;2;1\n", "utf-8")
    assert run.count() == Count(started=5, good=3, failed=1, retransmitted=2, up=1)


def test_the_first_complaint_is_one_line(run: Sipp, tmp_path: Path) -> None:
    assert run.said() == ""
    run.errors.write_text("\n  something broke  \nmore\n", "utf-8")
    assert run.said() == "something broke"
