"""The field gateway: handsets' messages come up into the store, tasks and receipts go down."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import structlog

from conf.settings import Settings
from field_gateway.downs import workers_of
from field_gateway.figures import Counted, Figures, Taking
from field_gateway.intake import Answer, Intake
from field_gateway.lanes import Lanes
from field_gateway.link import Arrived, Link
from field_gateway.positionroom import PositionRoom
from field_gateway.positions import Said
from field_gateway.pulse import Pulse
from field_gateway.pushes import Pushes
from field_gateway.putoff import PutOff
from field_gateway.shelf import Shelf
from field_gateway.wire import encode
from schema.bus import Bus, Envelope
from schema.desk.fieldmessages import message_sent
from schema.desk.tasksdown import task_sent
from schema.facts import (
    CaseChecked,
    CaseCheckRecalled,
    CaseCheckSent,
    CaseDelegated,
    CaseDispatched,
    CaseHandled,
    CaseMerged,
    CaseRejected,
    CaseReopened,
    CaseSentBack,
    CaseSplit,
    CaseSuspended,
    CaseVerifySent,
    CaseVoided,
    DutyStarted,
    Fact,
    FieldMessageSent,
)
from schema.store import Store, StoreUnreachable

LANES, AT_ONCE = 4, 32
"""Threads that take messages, and how many of those that stand there each takes in one commit."""
FEW, LINGER = 8, 0.15
"""A commit costs as much as that of ten reports: fewer wait until so many seconds after the last one."""
PAUSES = (0.2, 0.5, 1.0, 2.0)
"""Seconds between tries while the database (or the disk) does not answer; the last one repeats."""
TRIES = 3
"""How often a message that fails for another reason is tried, before it is set aside."""

log = structlog.get_logger()


RECALLING = (
    CaseSentBack,
    CaseHandled,
    CaseVoided,
    CaseMerged,
    CaseReopened,
    CaseSuspended,
    CaseRejected,
    CaseSplit,
    CaseDelegated,
    CaseChecked,
    CaseCheckRecalled,
)
"""Facts after which a task may be nobody's any more."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """The broker took a task or a message (`topic`) for a device."""

    topic: str
    id: UUID
    device: str


class Gateway:
    """One gateway. Each message is committed, then acknowledged to the broker, then answered by a receipt."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        bus: Bus,
        *,
        sleep: Callable[[float], None] | None = None,
        figures: Figures | None = None,
    ) -> None:
        self._store = store
        figures = figures or Figures()
        self._positions = PositionRoom(settings, store, lambda: len(self._lanes))
        self._positions.show(figures)
        self._lanes: Lanes[Arrived | _Sent] = Lanes(
            LANES, self._work_off, name="field", most=AT_ONCE, few=FEW, linger=LINGER
        )
        self.put_off = PutOff(settings.vault, lambda: len(self._lanes))
        intake = Intake(store, Shelf(settings.vault), self.put_off, positions=self._positions.intake)
        self._intake: Taking = Counted(intake, figures, "mqtt")
        self._sleep = sleep or (lambda seconds: self._pause(seconds))
        self.link = Link(settings.broker, self._heard, self._lost)
        figures.watch(
            "gridline_gateway_waiting", "Messages heard and not taken yet", lambda: len(self._lanes)
        )
        figures.watch(
            "gridline_gateway_broker_up", "Whether the broker is there", lambda: self.link.connected.is_set()
        )
        self._word = f"gridline/{settings.broker.user}/up/pulse"
        self._pulse = Pulse(
            lambda: self.link.publish(self._word, b"", expires=60),
            self.link.renew,
            lambda: self.link.connected.is_set() and not len(self._lanes),
        )
        self._pushes = Pushes(store, self._push)
        sent: list[type[Fact]] = [
            CaseDispatched,
            CaseVerifySent,
            CaseCheckSent,
            DutyStarted,
            FieldMessageSent,
        ]
        bus.subscribe("gateway", [*sent, *RECALLING], self._on_fact)

    def start(self) -> None:
        """Connect and begin to work."""
        self._lanes.start()
        self.link.start()
        self._positions.start()
        self._pushes.start()
        self._pulse.start()

    def stop(self) -> None:
        """Finish what is in hand; whatever was not acknowledged comes again at the next start."""
        self._pulse.stop()
        self._pushes.stop()
        self._positions.stop()
        self._lanes.stop()
        self.link.stop()

    # -- up ------------------------------------------------------------------------------------------------

    def _heard(self, arrived: Arrived) -> None:
        self._pulse.heard()
        words = arrived.topic.split("/", 2)
        self._lanes.put(words[1] if len(words) > 1 else "", arrived)

    def _lost(self, epoch: int) -> None:
        # What was not taken up yet comes again; without this the lanes would grow with every reconnect.
        self._lanes.forget(lambda job: isinstance(job, Arrived) and job.epoch <= epoch)

    def _work_off(self, jobs: list[Arrived | _Sent]) -> None:
        """Do jobs of different devices: messages in one commit, unless one of them spoils it; each by itself then."""
        heard = [job for job in jobs if isinstance(job, Arrived) and job.topic != self._word]
        answers: list[Answer] | None = None
        if len(heard) > 1:
            try:
                answers = self._intake.take_together(
                    [Said(job.topic, job.body, job.properties, job.received) for job in heard]
                )
            except (StoreUnreachable, OSError):
                pass  # each waits by itself
            except Exception:
                log.exception("messages could not be taken together", count=len(heard))
        if answers is not None:
            for arrived, answer in zip(heard, answers, strict=True):
                self.link.acknowledge(arrived)
                self._answer(answer)
            jobs = [job for job in jobs if isinstance(job, _Sent) or job.topic == self._word]
        for job in jobs:
            self._work(job)

    def _work(self, job: Arrived | _Sent) -> None:
        if isinstance(job, _Sent):
            self._until_done(lambda: self._note_sent(job), str(job.id))
            return
        if job.topic == self._word:
            self.link.acknowledge(job)
            return
        # A list, because "nobody to answer" is an outcome too.
        outcome: list[Answer | None] = []
        topic = job.topic
        if why := self._until_done(
            lambda: outcome.append(self._intake.take(topic, job.body, job.properties, job.received)), topic
        ):
            if self._lanes.stopping.is_set():
                return
            log.error("a handset's message is set aside", topic=topic, size=len(job.body))
            outcome.clear()
            self._until_done(lambda: outcome.append(self._intake.give_up(topic, job.body, why)), topic)
        self.link.acknowledge(job)
        if outcome and (answer := outcome[-1]):
            self._answer(answer)

    def _answer(self, answer: Answer) -> None:
        self.link.publish(f"gridline/{answer.device}/down/receipt", encode(answer.receipt))

    def _until_done(self, step: Callable[[], None], what: str) -> str:
        """Do it, again while the database or the disk is away; "", or why it failed otherwise (or that we stop)."""
        failed = waited = 0
        while not self._lanes.stopping.is_set():
            try:
                step()
            except (StoreUnreachable, OSError) as away:
                if not waited:
                    log.warning("the gateway waits", what=what, reason=str(away))
                self._sleep(PAUSES[min(waited, len(PAUSES) - 1)])
                waited += 1
            except Exception as error:
                failed += 1
                log.exception("a step of the gateway failed", what=what, failed=failed)
                if failed >= TRIES:
                    return f"{type(error).__name__}: {error}"[:300]
                self._sleep(PAUSES[0])
            else:
                if waited:
                    log.info("the gateway goes on", what=what)
                return ""
        return "the gateway stops"

    def _pause(self, seconds: float) -> None:
        self._lanes.stopping.wait(seconds)

    # -- down ----------------------------------------------------------------------------------------------

    def _on_fact(self, envelope: Envelope) -> None:
        match envelope.message:
            case CaseDispatched(worker=UUID() as worker):
                self._pushes.look(worker)
            case CaseVerifySent(worker=worker) | CaseCheckSent(worker=worker):
                self._pushes.look(worker)
            case DutyStarted(worker=worker):
                self._pushes.look(worker, afresh=True)
            case FieldMessageSent(workers=workers, device=device):
                for one in workers:
                    self._pushes.look(one)
                if device:
                    self._pushes.look_at(device)
            case _:
                self._pushes.look_around()

    def _push(self, device: str, topic: str, body: bytes, life: int, id: UUID) -> None:
        self.link.publish(
            f"gridline/{device}/down/{topic}",
            body,
            expires=life,
            taken=lambda: self._lanes.put(device, _Sent(topic, id, device)),
        )

    def _note_sent(self, sent: _Sent) -> None:
        with self._store.work() as work:
            if sent.topic == "task":
                task_sent(work, sent.id, sent.device)
            else:
                message_sent(work, sent.id, sent.device, workers_of(work.session, sent.device))
