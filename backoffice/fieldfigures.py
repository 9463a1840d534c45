"""Figures of the street for Prometheus, from the store: handsets, what they said lately, what was refused or waits."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from schema.desk.devices import counted
from schema.desk.settling import waiting
from schema.handsets import InboxRow, Media, Refusal

LATELY = timedelta(minutes=5)
KINDS = ("report", "edit", "task", "message", "clock")


def street(session: Session, now: datetime, silence: timedelta) -> Iterator[GaugeMetricFamily]:
    """The gauges; `silence` says how long a silence on duty is one."""
    handsets = {(state,): float(count) for state, count in counted(session, now, silence).items()}
    yield gauge("gridline_handsets", "Handsets by state", handsets, "state")
    said = select(InboxRow.kind, func.count()).where(InboxRow.at > now - LATELY).group_by(InboxRow.kind)
    lately = dict.fromkeys(((kind,) for kind in KINDS), 0.0) | _by(session.execute(said))
    yield gauge(
        "gridline_field_messages_lately", "Messages accepted in the last five minutes", lately, "kind"
    )
    refused = _by(session.execute(select(Refusal.code, func.sum(Refusal.count)).group_by(Refusal.code)))
    yield gauge("gridline_field_refused", "Messages of handsets that were refused, ever", refused, "code")
    left = {(what,): float(count) for what, count in waiting(session, None).items()}
    yield gauge("gridline_field_waiting", "What waits from the street for somebody to look", left, "what")
    due = select(func.count(), func.sum(Media.size - Media.received)).where(Media.state == "due")
    count, size = session.execute(due).one()
    yield gauge(
        "gridline_field_media_due", "Photos and voice notes that are not whole yet", {(): float(count)}
    )
    yield gauge("gridline_field_media_due_bytes", "Bytes of them to come", {(): float(size or 0)})


def gauge(name: str, about: str, values: Mapping[Any, float], *labels: str) -> GaugeMetricFamily:
    """A gauge with a value for each set of labels."""
    made = GaugeMetricFamily(name, about, labels=labels)
    for of, value in values.items():
        made.add_metric(of, value)
    return made


def _by(rows: Any) -> dict[tuple[str, ...], float]:
    return {(name,): float(count) for name, count in rows}
