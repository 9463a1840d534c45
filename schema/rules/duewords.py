"""A deadline's reasons in words (zh, en, ug)."""

import json
from datetime import timedelta, tzinfo

from schema.rules.calendar import CALENDAR_DAYS, URGENT_HOURS, WORKING_DAYS, WORKING_HOURS, Due

_UNITS = {
    "zh": {URGENT_HOURS: "{n} 个紧急工作时（昼夜连续计时）", WORKING_HOURS: "{n} 个工作时",
           WORKING_DAYS: "{n} 个工作日", CALENDAR_DAYS: "{n} 个自然日"},
    "en": {URGENT_HOURS: "{n} urgent hours (day and night)", WORKING_HOURS: "{n} working hours",
           WORKING_DAYS: "{n} working days", CALENDAR_DAYS: "{n} calendar days"},
    "ug": {URGENT_HOURS: "{n} جىددىي سائەت (كېچە-كۈندۈز)", WORKING_HOURS: "{n} خىزمەت سائىتى",
           WORKING_DAYS: "{n} خىزمەت كۈنى", CALENDAR_DAYS: "{n} تەبىئىي كۈن"},
}  # fmt: skip
_REST = {
    "zh": ("不计 {days}（{name}）", "{days} 调休上班", "{days} 工作时间不同",
           "超出已知的工作日历，节假日可能有变", "；"),
    "en": ("without {days} ({name})", "{days} is a make-up workday", "{days} has hours of its own",
           "beyond the known calendar, may change", "; "),
    "ug": ("{days} ({name}) ھېسابلانمايدۇ", "{days} تولۇقلاپ ئىشلەيدىغان كۈن", "{days} نىڭ خىزمەت ۋاقتى باشقىچە",
           "مەلۇم كالېندارنىڭ سىرتىدا، ئۆزگىرىشى مۇمكىن", "؛ "),
}  # fmt: skip
_CHANGED = {
    "zh": ("延期 {more}", "暂停计时 {time}", "{hours} 小时", "{minutes} 分钟", "{when}前办结：{why}"),
    "en": ("extended by {more}", "suspended for {time}", "{hours} h", "{minutes} min", "due {when}: {why}"),
    "ug": (
        "{more} ئۇزارتىلدى",
        "{time} توختىتىلدى",
        "{hours} سائەت",
        "{minutes} مىنۇت",
        "مۆھلىتى {when}: {why}",
    ),
}
_WORKING = {
    "zh": "{time}（工作时间）",
    "en": "{time} of working time",
    "ug": "{time} خىزمەت ۋاقتى",
}
_DAYS = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "ug": ("دۈشەنبە", "سەيشەنبە", "چارشەنبە", "پەيشەنبە", "جۈمە", "شەنبە", "يەكشەنبە"),
}


def explain(record: str, language: str) -> str:
    """A deadline's reasons, as `Due.record` wrote them, in words; "" for an empty record. Unknown language: en."""
    if not record:
        return ""
    reasons = json.loads(record)
    language = language if language in _UNITS else "en"
    skipped, made_up, short, uncertain, comma = _REST[language]
    extended, suspended = _CHANGED[language][:2]
    extra, count = reasons.get("extra", 0), _UNITS[language][reasons["unit"]]
    words = [count.format(n=reasons["units"] - extra)]
    if extra:
        words.append(extended.format(more=count.format(n=extra)))
    for first, last, name in reasons["skipped"]:
        words.append(skipped.format(days=first if first == last else f"{first} – {last}", name=name))
    words += [made_up.format(days=day) for day in reasons["made_up"]]
    words += [short.format(days=day) for day in reasons.get("short", ())]
    if stood := reasons.get("suspended", 0):
        words.append(suspended.format(time=span(timedelta(minutes=stood), reasons["unit"], language)))
    if not reasons["certain"]:
        words.append(uncertain)
    return comma.join(words)


def sentence(due: Due, zone: tzinfo, language: str) -> str:
    """A deadline in one sentence: "due Tue 2026-11-24 10:30: 4 working hours; …". Unknown language: en."""
    language = language if language in _UNITS else "en"
    local = due.at.astimezone(zone)
    when = f"{_DAYS[language][local.weekday()]} {local:%Y-%m-%d %H:%M}"
    return _CHANGED[language][4].format(when=when, why=explain(due.record(), language))


def span(time: timedelta, unit: str, language: str) -> str:
    """A length of time of a clock that counts in `unit`, in hours and minutes: "2 h 5 min of working time"."""
    language = language if language in _UNITS else "en"
    hours, minutes = divmod(int(abs(time).total_seconds() // 60), 60)
    parts = ([_CHANGED[language][2].format(hours=hours)] if hours else []) + (
        [_CHANGED[language][3].format(minutes=minutes)] if minutes or not hours else []
    )
    text = " ".join(parts)
    return _WORKING[language].format(time=text) if unit in (WORKING_HOURS, WORKING_DAYS) else text
