"""Figures of one gateway process for Prometheus: what it was told by which way, what became of it, how long it took."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from field_gateway.intake import Answer
from field_gateway.positions import Said
from field_gateway.wire import SHAPES

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
NOBODY, FAILED = "nobody", "failed"
"""Outcomes without a receipt: there is nobody to tell; it could not be taken now and is tried again."""


class Taking(Protocol):
    """What takes messages: see `field_gateway.intake.Intake`."""

    def take(
        self, topic: str, body: bytes, properties: list[tuple[str, str]], received: datetime | None = None
    ) -> Answer | None:
        """Take one message; committed when it returns."""

    def take_together(self, messages: Sequence[Said]) -> list[Answer] | None:
        """Take messages of different handsets in one commit; None when each has to be taken by itself."""

    def give_up(self, topic: str, body: bytes, why: str = "") -> Answer | None:
        """What is answered to a message that fails in a way nobody foresaw."""


class Figures:
    """The registry of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.messages = Counter(
            "gridline_gateway_messages", "Messages of handsets by what became of them", ("way", "kind", "status"),
            registry=self.registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "gridline_gateway_message_seconds", "How long they took, commit and all", ("way",), buckets=BUCKETS,
            registry=self.registry,
        )  # fmt: skip

    def watch(self, name: str, about: str, look: Callable[[], float]) -> None:
        """A gauge that is looked at when somebody asks."""
        Gauge(name, about, registry=self.registry).set_function(look)


class Counted:
    """An intake whose answers are counted. `way`: "mqtt" or "http"."""

    def __init__(self, intake: Taking, figures: Figures, way: str) -> None:
        self._intake, self._figures, self._way = intake, figures, way

    def take(
        self, topic: str, body: bytes, properties: list[tuple[str, str]], received: datetime | None = None
    ) -> Answer | None:
        """Take one message and count what became of it. Raises what the intake raises."""
        began, status = time.perf_counter(), FAILED
        try:
            answer = self._intake.take(topic, body, properties, received)
            status = answer.receipt.status if answer is not None else NOBODY
            return answer
        finally:
            self._figures.messages.labels(self._way, kind_of(topic), status).inc()
            self._figures.seconds.labels(self._way).observe(time.perf_counter() - began)

    def take_together(self, messages: Sequence[Said]) -> list[Answer] | None:
        """As the intake does; each of them took as long as all. Raises what the intake raises."""
        began = time.perf_counter()
        answers = self._intake.take_together(messages)
        for said, answer in zip(messages, answers or (), strict=False):
            self._figures.messages.labels(self._way, kind_of(said.topic), answer.receipt.status).inc()
            self._figures.seconds.labels(self._way).observe(time.perf_counter() - began)
        return answers

    def give_up(self, topic: str, body: bytes, why: str = "") -> Answer | None:
        """As the intake does."""
        return self._intake.give_up(topic, body, why)


def kind_of(topic: str) -> str:
    """The kind of message a topic is for; "other" for what is none, so that nobody makes labels at will."""
    words = topic.split("/")
    kind = words[3] if len(words) > 3 else ""
    return kind if kind in SHAPES or kind == "media" else "other"
