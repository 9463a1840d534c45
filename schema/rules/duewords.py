"""How long a case may take, by class and kind, and a deadline's reasons in words (zh, en, ug)."""

import json

from schema.rules.calendar import CALENDAR_DAYS, URGENT_HOURS, WORKING_DAYS, WORKING_HOURS

ALLOWED: dict[tuple[str, str], tuple[int, str]] = {
    ("government", "consultation"): (8, WORKING_HOURS),
    ("government", "complaint"): (5, WORKING_DAYS),
    ("government", "suggestion"): (15, CALENDAR_DAYS),
    ("government", "service"): (3, WORKING_DAYS),
    ("social", "consultation"): (8, WORKING_HOURS),
    ("social", "complaint"): (5, WORKING_DAYS),
    ("social", "suggestion"): (15, CALENDAR_DAYS),
    ("social", "service"): (24, URGENT_HOURS),
}
"""(class, kind) → (units, unit): what a case may take from filing to closing."""

_UNITS = {
    "zh": {URGENT_HOURS: "{n} 个紧急工作时（昼夜连续计时）", WORKING_HOURS: "{n} 个工作时",
           WORKING_DAYS: "{n} 个工作日", CALENDAR_DAYS: "{n} 个自然日"},
    "en": {URGENT_HOURS: "{n} urgent hours (day and night)", WORKING_HOURS: "{n} working hours",
           WORKING_DAYS: "{n} working days", CALENDAR_DAYS: "{n} calendar days"},
    "ug": {URGENT_HOURS: "{n} جىددىي سائەت (كېچە-كۈندۈز)", WORKING_HOURS: "{n} خىزمەت سائىتى",
           WORKING_DAYS: "{n} خىزمەت كۈنى", CALENDAR_DAYS: "{n} تەبىئىي كۈن"},
}  # fmt: skip
_REST = {
    "zh": ("不计 {days}（{name}）", "{days} 调休上班", "超出已知的工作日历，节假日可能有变", "；"),
    "en": ("without {days} ({name})", "{days} is a make-up workday", "beyond the known calendar, may change", "; "),
    "ug": ("{days} ({name}) ھېسابلانمايدۇ", "{days} تولۇقلاپ ئىشلەيدىغان كۈن",
           "مەلۇم كالېندارنىڭ سىرتىدا، ئۆزگىرىشى مۇمكىن", "؛ "),
}  # fmt: skip


def explain(record: str, language: str) -> str:
    """A deadline's reasons, as `Due.record` wrote them, in words; "" for an empty record. Unknown language: en."""
    if not record:
        return ""
    reasons = json.loads(record)
    language = language if language in _UNITS else "en"
    skipped, made_up, uncertain, comma = _REST[language]
    words = [_UNITS[language][reasons["unit"]].format(n=reasons["units"])]
    for first, last, name in reasons["skipped"]:
        words.append(skipped.format(days=first if first == last else f"{first} – {last}", name=name))
    words += [made_up.format(days=day) for day in reasons["made_up"]]
    if not reasons["certain"]:
        words.append(uncertain)
    return comma.join(words)
