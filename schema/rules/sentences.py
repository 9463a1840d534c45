"""A step of a case's history as a sentence: who did what, when it matters to whom, and why.

The sentences are messages `step.KEY` of the catalogue, in every language; here is only which one a step is told by,
and with what.
"""

from collections.abc import Callable, Mapping
from typing import Any

from schema.rules.lifecycle import CASE
from schema.rules.visits import BY_KEYS, NOT_REACHED, RESULTS, SKIPPED, SKIPS

BY_HOP = {hop: hop.removeprefix("case.") for hop in dict.fromkeys(move.hop for move in CASE)}
"""Hop → key of its sentence; the variants below are told by keys of their own."""
VARIANTS = (
    "filed-confidential",
    "accepted-confidential",
    "checked-not",
    "checked-there",
    "checked-there-not",
    "check-late-not",
    "verified-not",
    "rated-by",
    "dispatched-unit",
    "answered-instruction",
    "urged-again",
    "urged-over",
)
VISITED = "visit.tried"
VISITS = (
    *(f"visit-{result}" for result in RESULTS),
    "visit-not-reached",
    "visit-unsolved",
    f"visit-{SKIPPED}",
)
"""What a try of a return visit came to; of the last one in vain, and of one that opened the case again."""
URGED = {"urge-again": "urged-again", "supervise": "urged-over"}
"""Which step of `schema.rules.lights.LADDER` an urging was, beyond the first."""
JUDGING = ("checked", "checked-there", "check-late", "verified")
"""Steps that say yes or no."""
TITLED = (
    "filed",
    "filed-confidential",
    "accepted",
    "accepted-confidential",
    "took-in",
    "let-go",
    "split-off",
)
"""Steps whose text is a title."""
KEYS = (*dict.fromkeys(BY_HOP.values()), *VARIANTS, *VISITS, "system")


def sentence(hop: str, who: str, text: str, detail: Mapping[str, Any], say: Callable[..., str]) -> str:
    """The sentence of a step; `who` is a name ("" for the system), `say` gives a message with its values.

    A hop that is no step of a case is told by its own name.
    """
    key = _visit(detail) if hop == VISITED else BY_HOP.get(hop)
    if key is None:
        return hop
    if key == "checked" and "given" in detail:
        key = "checked-there"
    if key in JUDGING and not detail.get("passed", detail.get("found", True)):
        key += "-not"
    if key in ("filed", "accepted") and detail.get("confidential"):
        key += "-confidential"
    if key == "urged":
        key = URGED.get(str(detail.get("rung")), key)
    if key == "rated" and who:
        key = "rated-by"
    if key == "answered" and detail.get("kind") == "instruct":
        key = "answered-instruction"
    if key == "dispatched" and "department" in detail:
        key = "dispatched-unit"
    told = say(f"step.{key}", who=who or say("step.system"), **_values(detail, say))
    if key == f"visit-{SKIPPED}" and text in SKIPS:
        text = say(f"visits.skipped.{text}")
    if text == BY_KEYS:
        text = say("visits.by_keys")
    # What a step says beside what it is: the reason, the finding, the note. A case's title says nothing new.
    return say("punct.said", told=told, text=text) if text and key not in TITLED else told


def _visit(detail: Mapping[str, Any]) -> str:
    if detail.get("ended") == NOT_REACHED:
        return f"visit-{NOT_REACHED}"
    return "visit-unsolved" if detail.get("solved") is False else f"visit-{detail.get('result')}"


def _values(detail: Mapping[str, Any], say: Callable[..., str]) -> dict[str, str]:
    score, units, reception = detail.get("score"), detail.get("units"), detail.get("reception")
    return {
        "case_no": str(detail.get("case_no", "")),
        "worker": str(detail.get("worker_name", "")),
        "department": str(detail.get("department_name", "")),
        "amount": say(f"amount.{detail.get('unit')}", n=units) if units else "",
        "score": say(f"rating.{score}") if score else "",
        "reception": say(f"rating.{reception}") if reception else "",
        "into": str(detail.get("into_no", "")),
        "other": str(detail.get("other_no") or detail.get("out_of_no") or detail.get("whole_no") or ""),
        "name": str(detail.get("name", "")),
        "until": str(detail.get("until", "")),
        "given": str(detail.get("given", "")),
        "photos": str(detail.get("photos", 0)),
        "parts": ", ".join(str(number) for number in detail.get("part_nos", ())),
    }
