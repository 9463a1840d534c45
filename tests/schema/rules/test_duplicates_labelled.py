"""Duplicates on labelled pairs: precision and recall are held, and docs/duplicates.md tells what is measured."""

from functools import cache
from pathlib import Path

import pytest

from schema.rules.duplicates import THRESHOLD, score
from tests.data.duplicates.pairs import HALVES, Pair, Report, pairs, reports

DOCS = Path(__file__).parents[3] / "docs" / "duplicates.md"
PRECISION, RECALL = 0.95, 0.85
"""What both halves must reach at the threshold."""
SCRIPTS = (("ug", "\u0620", "\u06ff"), ("zh", "\u4e00", "\u9fff"), ("en", "a", "z"))
THRESHOLDS = (0.50, 0.55, 0.60, 0.65, 0.70, 0.75, 0.80)


@cache
def judged(half: str) -> list[tuple[float, Pair]]:
    return [(score(pair.one.request, pair.two.request, pair.apart).value, pair) for pair in pairs(half)]


def _script(report: Report) -> str:
    letters = report.request.text
    return next((name for name, first, last in SCRIPTS if any(first <= one <= last for one in letters)), "")


def measured(half: str, threshold: float) -> tuple[float, float]:
    """Precision and recall."""
    said = [pair.same for value, pair in judged(half) if value >= threshold]
    return sum(said) / max(len(said), 1), sum(said) / sum(pair.same for _, pair in judged(half))


@pytest.mark.parametrize("half", HALVES)
def test_precision_and_recall_at_the_threshold(half: str) -> None:
    precision, recall = measured(half, THRESHOLD)
    assert precision >= PRECISION and recall >= RECALL, (half, precision, recall)


def test_the_pairs_are_many_of_three_languages_and_of_every_hard_kind() -> None:
    for half in HALVES:
        found = pairs(half)
        assert sum(pair.same for pair in found) >= 75 and sum(not pair.same for pair in found) >= 300
        hard = [pair for pair in found if not pair.same]
        assert sum(pair.one.problem == pair.two.problem for pair in hard) >= 20
        assert sum(pair.one.caller == pair.two.caller for pair in hard) >= 5
        assert sum((pair.apart.metres or 1e9) < 60 for pair in hard) >= 50
        texts = " ".join(report.request.text for report in reports(half))
        for script in ("\u4e00\u9fff", "az", "\u0600\u06ff"):
            assert sum(script[0] <= letter <= script[1] for letter in texts) > 300


def test_no_incident_is_in_both_halves() -> None:
    tuning, heldout = ({report.incident for report in reports(half)} for half in HALVES)
    assert not tuning & heldout
    assert not {report.request.text for report in reports("tuning")} & {
        report.request.text for report in reports("heldout")
    }


def test_the_page_of_the_docs_has_the_curve_as_measured() -> None:
    told = " ".join(DOCS.read_text("utf-8").split())
    for threshold in THRESHOLDS:
        row = " | ".join(f"{value:.3f}" for half in HALVES for value in measured(half, threshold))
        assert f"| {threshold:.2f} | {row} |" in told
    for half in HALVES:
        for told_as, alike in (("in one language", True), ("in two", False)):
            found = [
                value
                for value, pair in judged(half)
                if pair.same and (_script(pair.one) == _script(pair.two)) is alike
            ]
            assert f"{sum(value >= THRESHOLD for value in found)} of {len(found)} {told_as}" in told
        same = sum(pair.same for pair in pairs(half))
        assert f"{same} positive and {len(pairs(half)) - same} negative" in told
