"""Duplicates on labelled pairs: precision and recall are held, and docs/duplicates.md tells what is measured."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from schema.rules.duplicates import THRESHOLD, score
from tests.data.duplicates.pairs import HALVES, Pair, Report, pairs, reports

DOCS = Path(__file__).parents[3] / "docs" / "duplicates.md"
LEAST = {"tuning": (0.95, 0.95), "heldout": (0.85, 0.70)}
"""Precision and recall that must be reached at the threshold."""
SCRIPTS = (("ug", "\u0620", "\u06ff"), ("zh", "\u4e00", "\u9fff"), ("en", "a", "z"))
THRESHOLDS = (0.50, 0.55, 0.60, 0.65, 0.70, 0.75, 0.80)


@cache
def judged(half: str) -> list[tuple[float, Pair]]:
    return [(value(pair), pair) for pair in pairs(half)]


def categorised(half: str) -> tuple[float, float]:
    """Precision and recall at the threshold if every request had the right event category."""
    found = []
    for pair in pairs(half):
        one, two = (replace(report.request, category=report.problem) for report in (pair.one, pair.two))
        found.append((pair.looked_at and score(one, two, pair.apart).value >= THRESHOLD, pair.same))
    right = sum(said and same for said, same in found)
    return right / sum(said for said, _ in found), right / sum(same for _, same in found)


@pytest.mark.parametrize("half", HALVES)
def test_with_categories_nearly_all_is_found_and_little_else(half: str) -> None:
    precision, recall = categorised(half)
    assert precision >= 0.95 and recall >= 0.95, (half, precision, recall)


def value(pair: Pair) -> float:
    """The score, 0 for a pair that the desk would not compare."""
    return score(pair.one.request, pair.two.request, pair.apart).value if pair.looked_at else 0.0


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
    assert precision >= LEAST[half][0] and recall >= LEAST[half][1], (half, precision, recall)


def test_the_pairs_are_many_of_three_languages_and_of_every_hard_kind() -> None:
    for half in HALVES:
        found = pairs(half)
        assert sum(pair.same for pair in found) >= 60 and sum(not pair.same for pair in found) >= 300
        hard = [pair for pair in found if not pair.same]
        assert sum(pair.one.problem == pair.two.problem for pair in hard) >= 8
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
        assert "{:.3f} and {:.3f}".format(*categorised(half)) in told
        for told_as, alike in (("in one language", True), ("in two", False)):
            found = [
                value
                for value, pair in judged(half)
                if pair.same and (_script(pair.one) == _script(pair.two)) is alike
            ]
            assert f"{sum(value >= THRESHOLD for value in found)} of {len(found)} {told_as}" in told
        same = sum(pair.same for pair in pairs(half))
        assert f"{same} positive and {len(pairs(half)) - same} negative" in told
