"""A case's history reads as sentences, in every language."""

from functools import partial

import pytest

from backoffice.words import Words
from schema.rules.languages import LANGUAGES
from schema.rules.lifecycle import CASE
from schema.rules.sentences import KEYS, sentence

WORDS = Words.read()
FULL = {"case_no": "ZW-1", "worker_name": "Li", "units": 3, "unit": "working-days", "score": 1, "into_no": "ZW-2",
        "other_no": "ZW-3", "department_name": "Roads", "until": "2026-11-24 10:00",
        "part_nos": ["ZW-4", "ZW-5"]}  # fmt: skip
EN = partial(WORDS.say, "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("hop", sorted({row.hop for row in CASE}))
def test_every_step_of_the_life_cycle_has_a_sentence_of_its_own(hop: str, language: str) -> None:
    say = partial(WORDS.say, language)
    told = sentence(hop, "Wang", "", FULL, say)
    others = {sentence(row.hop, "Wang", "", FULL, say) for row in CASE if row.hop != hop}
    assert told and told not in others and "{" not in told and "step." not in told
    assert "Wang" in told
    assert say("step.system") in sentence(hop, "", "", FULL, say) or hop == "case.rated"


def test_every_sentence_is_in_the_catalogue_and_none_is_too_many() -> None:
    assert {f"step.{key}" for key in KEYS} == {key for key in WORDS.messages if key.startswith("step.")}


@pytest.mark.parametrize(
    ("hop", "text", "detail", "expected"),
    [
        ("case.filed", "A title", {"case_no": "ZW-1"}, "Wang filed it as case ZW-1."),
        ("case.filed", "", {"case_no": "ZW-1", "confidential": "yes"}, "Wang filed it as confidential case ZW-1."),
        ("case.dispatched", "Bring a ladder", {"worker_name": "Li"}, "Wang dispatched it to Li. “Bring a ladder”"),
        ("case.dispatched", "", {"department": "1", "department_name": "Roads"}, "Wang dispatched it to Roads."),
        ("case.delegated", "", {"department_name": "Lamps"}, "Wang handed it on to Lamps."),
        ("case.signed", "", {"department_name": "Lamps"}, "Wang signed for it for Lamps."),
        ("case.concealed", "Asked for", {}, "Wang made it confidential: “Asked for”"),
        ("case.attached", "a.pdf", {"file": "1"}, "Wang added the file “a.pdf”"),
        ("case.detached", "Wrong case", {"name": "a.pdf"}, "Wang took the file a.pdf back: “Wrong case”"),
        ("case.suspended", "No part", {}, "Wang suspended the case, and its clock stood still: “No part”"),
        ("case.checked", "", {"passed": True}, "Wang checked it: passed."),
        ("case.checked", "Still dark", {"passed": False}, "Wang checked it: not passed: “Still dark”"),
        ("case.checked", "All lit", {"passed": True, "given": "2026-11-24 10:00", "photos": 2},
         "Wang checked it on the spot (task of 2026-11-24 10:00, photos: 2): done well. “All lit”"),
        ("case.checked", "Dark", {"passed": False, "given": "2026-11-24 10:00", "photos": 0},
         "Wang checked it on the spot (task of 2026-11-24 10:00, photos: 0): not done well. “Dark”"),
        ("case.check-sent", "", {"worker_name": "Li", "until": "2026-11-24 12:00"},
         "Wang asked Li to check it on the spot and to answer by 2026-11-24 12:00."),
        ("case.check-recalled", "", {"worker_name": "Li"}, "Wang took the check on the spot back from Li."),
        ("case.check-late", "Dark", {"passed": False, "given": "2026-11-24 10:00", "photos": 1},
         "Wang checked it on the spot when nobody waited for it any more (task of 2026-11-24 10:00, photos: 1): "
         "not done well. “Dark”"),
        ("case.verified", "", {"found": True}, "Wang found it to be so."),
        ("case.verified", "All lit", {"found": False}, "Wang found it not to be so. “All lit”"),
        ("case.extension-asked", "Rain", {"units": 2, "unit": "working-days"},
         "Wang asked for 2 working days more: “Rain”"),
        ("case.merged", "", {"into_no": "ZW-2"}, "Wang merged it into case ZW-2."),
        ("case.unmerged", "", {"out_of_no": "ZW-2"}, "Wang took the merge into case ZW-2 back."),
        ("case.split", "", {"part_nos": ["ZW-4", "ZW-5"]}, "Wang split the case into ZW-4, ZW-5."),
        ("case.split-off", "t", {"case_no": "ZW-4", "whole_no": "ZW-1"}, "Wang split case ZW-4 off case ZW-1."),
        ("case.rated", "", {"score": 1}, "Wang entered the citizen's rating: Very satisfied."),
    ],
)  # fmt: skip
def test_a_step_in_words(hop: str, text: str, detail: dict[str, object], expected: str) -> None:
    assert sentence(hop, "Wang", text, detail, EN) == expected


def test_the_citizen_rates_and_what_is_no_step_keeps_its_name() -> None:
    assert sentence("case.rated", "", "", {"score": 2}, EN) == "The citizen rated it: Satisfied."
    assert sentence("call.ended", "", "", {}, EN) == "call.ended"


def test_what_a_person_wrote_is_never_read_as_a_place_for_values() -> None:
    assert "{who}" in sentence("case.closed", "Wang", "see {who}", {}, EN)
