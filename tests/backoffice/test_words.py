"""The catalogue is whole, and nothing is shown that is not in it."""

import re
from pathlib import Path

import pytest

from backoffice import words as words_module
from backoffice.caseview import FORMS, TURNS
from backoffice.fielddevices import DOES as DEVICE_DOES
from backoffice.fieldtabs import TABS as FIELD_TABS
from backoffice.qualityplans import PURPOSES
from backoffice.qualitytrends import COLUMNS
from backoffice.seat import REASONS
from backoffice.staff import STATES as PEOPLE_STATES
from backoffice.staffwork import DOES
from backoffice.visits import LISTS
from backoffice.watch import EARS, FORCED, right_of
from backoffice.words import NAMES, BadWords, Words, direction
from schema.desk.devices import STATES as DEVICE_STATES
from schema.desk.people import POSTS
from schema.desk.timeline import HOPS
from schema.rules.access import RIGHTS, SCOPES
from schema.rules.calendar import UNITS
from schema.rules.categories import CLASSES, KINDS
from schema.rules.hot import SIGNS
from schema.rules.languages import LANGUAGES
from schema.rules.lifecycle import STATES
from schema.rules.lights import COLOURS
from schema.rules.matters import MATTERS
from schema.rules.notices import KINDS as KINDS_OF_NOTICES
from schema.rules.notices import WAYS
from schema.rules.reviews import STATES as REVIEW_STATES
from schema.rules.reviews import STEPS as REVIEW_STEPS
from schema.rules.sampling import WHY_NOT
from schema.rules.scoresheet import KINDS as SHEET_KINDS
from schema.rules.visits import ENDS, RESULTS, VisitRules

HOUSE = Path(words_module.__file__).parent.parent
TEMPLATES = sorted((HOUSE / "templates").glob("*.html"))
SCRIPTS = sorted((HOUSE / "static" / "js").glob("*.js"))
CATALOGUE = Words.read()
ENUMERATED = {
    "state": STATES,
    "class": CLASSES,
    "kind": KINDS,
    "post": POSTS,
    "language": LANGUAGES,
    "rating": range(1, 6),
    "reason": (*REASONS, "opened", "no_answer", "busy", "unreachable", "caller_gone"),
    "hop": HOPS,
    "seat_state": ("closed", "unreachable", "paused", "ready", "ringing", "talking", "wrapup"),
    "stage": ("ivr", "queue", "net", "ringing", "talking", "rating"),
    "outcome": ("live", "answered", "abandoned", "failed", "lost"),
    "history": ("call_in", "call_out"),
    "pill_state": ("up", "down", "connecting"),
    "where": ("citizen", "called", "consulted", "ringing", "talking", "hold", "conference", "gone", "watched_listen",
              "watched_whisper", "watched_barge"),
    "picker": ("transfer", "consult", "expert"),
    "order_failed": ("no_call", "citizen_gone", "nobody_asked", "not_answered", "caller_gone", "consulting", "three",
                     "in_call", "not_seen", "wrapped"),
    "phone_state": ("off", "connecting", "registered", "refused"),
    "recording.state": ("spool", "missing"),
    "recording": ("mix", "citizen", "seat"),
    "field.media": ("due", "refused"),
    "refused": ("not-found", "stale", "wrong-state", "bad-field", "not-allowed"),
    "refused.bad-field": ("class_", "kind", "title", "text", "cell", "address", "lon", "lat", "number", "citizen",
                          "language", "order", "contact", "worker", "passed", "reason", "note", "units", "into",
                          "parts", "found", "granted", "department",
                          "threshold", "answer_by", "person", "follow", "mail", "quiet",
                          "login", "name", "post", "seat", "mobile", "work_phone", "languages", "skills",
                          "queues", "unit_code", "parent", "grants"),
    "refused.wrong-state": ("admin", "department", "none-to-visit", "visit-taken", "visit-over", "visit-overtaken"),
    "people.state": PEOPLE_STATES,
    **{f"visits.{part}": LISTS for part in ("list", "none")},
    "visits.result": (*RESULTS, *ENDS), "key": tuple(f"visit_{result}" for result in RESULTS),
    "visits.rate": ("reception", "rating"), "rules.visit": tuple(VisitRules().body()),
    "visits.figure": ("given", "ended", "reached", "reception", "department", "unsolved", "overtaken"),
    "visits.no_call": ("seat", "other", "night", "hours"),
    "quality.state": REVIEW_STATES,
    "quality.step": REVIEW_STEPS,
    "quality.draw": ("all", "drawn", *WHY_NOT),
    "quality.kind": SHEET_KINDS,
    "quality.purpose": PURPOSES,
    **{f"quality.{part}": COLUMNS for part in ("trend", "meaning")},
    "posts.scope": ("none", *SCOPES),
    "street.tab": tuple(name for name, _, _ in FIELD_TABS),
    "street.list": DEVICE_STATES,
    **{f"street.{part}": tuple(DEVICE_DOES) for part in ("do", "sure", "done")},
    "street.side": ("now", "other"), "street.why": ("edit", "reused"), "street.key": ("has", "none", "revoked"),
    "street.take": ("now", "other", "seen", "read"), "street.settled": ("now", "other", "aside"),
    "street.kind": ("text", "wipe", "blocked"), "street.flag": ("clock", "future"),
    "street": ("device", "worker", "state_head", "seen", "battery", "version", "backlog", "free",
               "key_head", "refused"),
    "error": (400, 403, 404, 405, 409, 413, 500),
    "watch": (*EARS, *FORCED, *(f"mode_{mode}" for mode in ("listen", "whisper", "barge"))),
    "board": ("service", "connect", "asa", "talk", "occupancy", "offered", "answered", "abandoned", "overflowed",
              "called_back", "waiting", "longest", "seat", "who", "state", "since", "number", "call_for", "opened",
              "watchers"),
    "replay.event": ("abandoned", "lost", "overflowed", "promised", "net", "unreachable", "watched", "transferred",
                     "epoch"),
    "case.nothing_next": ("over", "gone", "others"),
    "turn.open": tuple(dict.fromkeys(TURNS.values())),
    "turn.yes": ("confirm", "decide-extension"),
    "turn.no": ("confirm", "decide-extension"),
    "turn.send": tuple(dict.fromkeys(turn for turn in TURNS.values() if turn not in ("confirm", "decide-extension"))),
    "turn": ("reason", "text", "asked", "into", "parts"),
    **{f"notice.{part}": KINDS_OF_NOTICES for part in ("kind", "subject", "said")},
    "notice.way": WAYS,
    "notice.state": ("waiting", "sending", "sent", "failed", "could-not"),
    "notice.why": ("no-gateway", "no-server", "no-address", "no-mobile"),
    "turn.units": UNITS,
    "amount": UNITS,
    "link": ("merged_into", "merged", "parent", "parts"),
    "light": tuple(COLOURS),
    "hot.why": tuple(SIGNS),
    "duplicate.matter": MATTERS,
    "duplicate.why": ("metres", "address", "address_like", "number", "cell", "near", "category", "matter", "said",
                      "text", "phone", "today", "days", "contact", "kind"),
    "audit_what": (*(f"people.{what}" for what in ("add", "edit", "password", *DOES)), "post.set",
                   *(f"department.{what}" for what in ("add", "rename", "move", "close")), "case.confidential",
                   "case.hot", "brief.pdf",
                   "case.visit", "case.visit-take", "case.visit-back", "case.give-visits",
                   "duplicates.set", "notice.again", "announce", "message.group", "phrase.share",
                   *(f"handset.{what}" for what in DEVICE_DOES), "field.settle", "field.aside", "field.aside-see",
                   "field.file", "field.message",
                   "log-in", "log-out", "refused", "seat.open",
                   "seat.close", "recording.play",
                   "media.see", "replay.see", "call.out", "call.transfer", "call.pick",
                   *(right_of(verb) for verb in (*EARS, *FORCED)),
                   *(f"case.{what}" for what in (*FORMS.values(), *TURNS.values()))),
}  # fmt: skip


@pytest.mark.parametrize("table", ENUMERATED)
def test_every_code_has_words(table: str) -> None:
    assert [code for code in ENUMERATED[table] if not CATALOGUE.has(f"{table}.{code}")] == []


def asked(text: str) -> set[str]:
    """Whole keys named in calls of t() and say()."""
    return set(re.findall(r"""\b(?:t|say)\(\s*["']([a-z_]+(?:\.[a-z0-9_-]+)+)["']\s*[,)]""", text))


@pytest.mark.parametrize(
    "file", [*TEMPLATES, *SCRIPTS, *sorted(HOUSE.glob("*.py"))], ids=lambda file: file.name
)
def test_every_key_asked_for_is_there(file: Path) -> None:
    text = file.read_text("utf-8")
    missing = {key for key in asked(text) if not CATALOGUE.has(key)}
    # In scripts a key may also be handed on as text: "mic.refused" in a table, t(condition ? "a.b" : "c.d").
    quoted = set(
        re.findall(
            r'"((?:mic|seat|case|call|error|dispatch|draft|recording|pill|nav|watch|board|replay)\.[a-z_]+)"',
            text,
        )
    )
    rights = set(RIGHTS) | {"case.form"}
    missing |= {key for key in quoted - rights if not CATALOGUE.has(key) and file.suffix != ".py"}
    assert missing == set()


def bare(html: str) -> list[str]:
    """What a template says without asking the catalogue, attributes that are read out included."""
    html = re.sub(r"\{#.*?#\}", " ", html, flags=re.S)
    html = re.sub(r"<!doctype html>", " ", html)
    spoken = re.findall(r'(?:title|aria-label|placeholder|alt)="([^"]*)"', html)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "\x00", html, flags=re.S)
    text = re.sub(r"<[^>]*>", "\n", text)
    spoken = [re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", value) for value in spoken]
    return [
        part.strip()
        for part in [*text.split("\n"), *spoken]
        if re.search(r"[^\W\d_]", part.replace("&amp;", ""))
    ]


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_no_template_holds_bare_text(file: Path) -> None:
    assert bare(file.read_text("utf-8")) == []


def test_bare_text_would_be_found() -> None:
    assert bare('<p>Hello {{ t("x") }}</p><input placeholder="Name">') == ["Hello \x00", "Name"]


def test_no_script_holds_bare_text() -> None:
    for file in SCRIPTS:
        text = re.sub(r"//.*|/\*\*.*?\*/", "", file.read_text("utf-8"))
        assert re.findall(r'textContent = "[^"]+"|"[A-Z][a-z]+ [a-z ]+"', text) == []


def test_each_message_takes_the_same_values_in_every_language() -> None:
    for key, message in CATALOGUE.messages.items():
        values = {language: sorted(re.findall(r"\{(\w+)\}", text)) for language, text in message.items()}
        assert len({str(found) for found in values.values()}) == 1, key


def test_each_language_is_written_in_its_own_script() -> None:
    shared = {"key", "unit.ms", "punct"}
    for key, message in CATALOGUE.messages.items():
        if key in shared or key.split(".")[0] in shared:
            continue
        assert re.search(r"[\u4e00-\u9fff]", message["zh"]), key
        assert re.search(r"[A-Za-z]", message["en"]), key
        assert not re.search(r"[\u4e00-\u9fff\u0600-\u06ff]", message["en"]), key
        assert re.search(r"[\u0600-\u06ff]", message["ug"]) and not re.search(
            r"[\u4e00-\u9fff]", message["ug"]
        ), key


def test_values_are_filled_in_and_kept_apart_where_the_writing_turns() -> None:
    assert CATALOGUE.say("en", "seat.number", seat="101") == "Seat 101"
    assert "\u2068101\u2069" in CATALOGUE.say("ug", "seat.number", seat="101")
    assert CATALOGUE.say("en", "no.such.key") == "no.such.key"
    assert CATALOGUE.say("xx", "nav.seat") == "Seat"
    assert direction("ug") == "rtl" and direction("zh") == direction("en") == "ltr"
    assert set(NAMES) == set(LANGUAGES)


@pytest.mark.parametrize(
    "text",
    [
        'a = { zh = "一", en = "one" }',
        'a = { zh = "一", en = "one", ug = " " }',
        'a = { zh = "一", en = "one", ug = "بىر", fr = "un" }',
        'a = "one"',
    ],
)
def test_a_half_translated_message_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "half.toml").write_text(text, "utf-8")
    with pytest.raises(BadWords):
        Words.read(tmp_path)


def test_a_key_in_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.toml").write_text('a = { zh = "一", en = "one", ug = "بىر" }', "utf-8")
    with pytest.raises(BadWords, match="twice"):
        Words.read(tmp_path)
