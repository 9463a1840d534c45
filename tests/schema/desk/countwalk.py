"""Every named count by walking each case's steps, one after the other: slow, and with no statement of the real ones."""

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from schema.cases import Case, CaseStep, Task
from schema.clocks import ClockRow, Supervision
from schema.desk.counts import COUNTS
from schema.handsets import Report
from schema.rules.assessment import UNIT

WITHIN = {"file": 60, "dispatch": 120, "sign": 600}
RECEIVED = ("case.dispatched", "case.delegated")


def walk(session: Any, about: str, begin: datetime, end: datetime, now: datetime) -> dict[str, Counter[UUID]]:
    """Every count by walking each case's steps, one after the other."""
    found: dict[str, Counter[UUID]] = {name: Counter() for name in COUNTS}
    cases = {case.id: case for case in session.scalars(select(Case))}
    ordered = {row.id: row for row in session.scalars(select(Supervision))}
    unit = about == UNIT
    minutes = lambda a, b: (b.at - a.at).total_seconds() / 60  # noqa: E731
    for case in cases.values():
        steps = list(session.scalars(select(CaseStep).where(CaseStep.case == case.id).order_by(CaseStep.id)))
        clocks = list(
            session.scalars(select(ClockRow).where(ClockRow.case == case.id).order_by(ClockRow.number))
        )
        for i, step in enumerate(steps):
            if not begin <= step.at < end:
                continue

            def add(name: str, person: UUID | None, step: CaseStep = step) -> None:
                if (who := step.department if unit else person) is not None:
                    found[name][who] += 1

            before, after = steps[:i], steps[i + 1 :]
            cut = next((n for n, one in enumerate(after) if one.hop in RECEIVED), len(after))
            turn = after[: cut + 1]  # what ends the turn is a step in it
            match step.hop:
                case "case.filed":
                    add("filed", step.by)
                    taken = [one for one in before if one.hop in ("case.accepted", "case.verified")][-1]
                    if minutes(taken, step) <= WITHIN["file"]:
                        add("filed_in_time", step.by)
                    if case.state != "void":
                        add("filed_right", step.by)
                case "case.replied" | "case.closed":
                    add("closed", step.by)
                    if step.hop == "case.replied":
                        add("replied", step.by)
                case "case.handled":
                    person = step.worker or step.by
                    add("handled", person)
                    runs = next(one for one in clocks if one.ended_at is None or one.ended_at >= step.at)
                    if runs.due_at is None or runs.due_at >= step.at:
                        add("handled_in_time", person)
                case "case.checked":
                    add("checked", step.worker)
                    if not step.detail["passed"]:
                        add("failed", step.worker)
                case "case.sent-back" if step.detail["from"] == "handled":
                    add("checked", step.worker)
                    add("failed", step.worker)
                case "case.sent-back" if step.detail["from"] == "dispatched":
                    add("sent_back", step.worker)
                case "case.reopened":
                    add("reopened", step.worker)
                case "case.urged":
                    add("urged", step.worker)
                case "case.rated":
                    add("rated", step.worker)
                    if step.detail["score"] in (1, 2):
                        add("satisfied", step.worker)
                case "case.supervised" | "case.instructed":
                    names = {"case.supervised": ("supervised", "answered_in_time")}
                    named, kept = names.get(step.hop, ("instructed", "instructed_in_time"))
                    order = ordered[step.order]
                    if order.answered_at is not None or order.answer_by < now:
                        add(named, step.worker)
                        if order.answered_at is not None and order.answered_at <= order.answer_by:
                            add(kept, step.worker)
            if step.hop == "case.dispatched":
                add("dispatched", step.by)
                filed = [one for one in before if one.state == "filed" and one.hop not in _STAYS][-1]
                if minutes(filed, step) <= WITHIN["dispatch"]:
                    add("dispatched_in_time", step.by)
                rest = after[
                    : next((n for n, one in enumerate(after) if one.hop == "case.dispatched"), len(after))
                ]
                if not any(
                    one.hop == "case.sent-back" and one.detail["from"] == "dispatched" for one in rest
                ):
                    add("dispatched_right", step.by)
            if step.hop in RECEIVED:
                add("received", step.worker)
                did = [one.hop for one in turn]
                if {"case.signed", "case.handled", "case.extension-asked", "case.answered"} & set(did):
                    add("took_part", step.worker)
                if step.worker is None:
                    answers = ("case.signed", "case.handled", "case.sent-back", "case.delegated")
                    signed = any(one.hop in answers and minutes(step, one) <= WITHIN["sign"] for one in turn)
                    if signed:
                        add("signed_in_time", None)
                    if signed or (now - step.at).total_seconds() >= WITHIN["sign"] * 60:
                        add("to_sign", None)
        for one in clocks:
            who = one.department or (case.department if one is clocks[-1] else None)
            over = case.state in ("void", "merged", "split", "rejected")
            if over or who is None or one.due_at is None:
                continue
            in_time = one.ended_at is not None and one.ended_at <= one.due_at
            at = one.ended_at if in_time else one.due_at
            if at is not None and begin <= at < end and (in_time or at < now or one.ended_at is not None):
                found["due"][who] += 1
                found["closed_in_time"][who] += in_time
    for task in session.scalars(select(Task)):
        if begin <= task.made_at < end and task.state != "recalled":
            found["tasks"][task.worker] += 1
            found["tasks_done"][task.worker] += task.done_at is not None
    for report in session.scalars(select(Report)):
        if begin <= report.at < end and report.case is not None:
            found["reports"][report.worker] += 1
    return found


_STAYS = (
    "case.extension-asked", "case.extension-granted", "case.extension-refused", "case.urged", "case.supervised",
    "case.instructed",
    "case.answered", "case.took-in", "case.let-go", "case.concealed", "case.revealed",
    "case.attached", "case.detached", "case.check-late",
)  # fmt: skip
