"""The room that tells people: hears the facts, hands notices to their ways, and lets clocks climb the ladder of urging.

Any number may run on one store. Threads of their own: a mail server that takes its time holds up neither pages nor
urging.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog

from backoffice.notices.letters import Letters
from backoffice.notices.mail import ByMail
from backoffice.notices.ways import CouldNot, Later, Letter, Never, Way, gateway_of
from backoffice.words import Words
from conf.settings import Settings
from schema.bus import Bus, Envelope
from schema.cases import Case
from schema.desk import briefs, citizentexts, notices, spacealarms, urging
from schema.desk.reviewnotices import make_review_notices
from schema.desk.silence import BATCH, tell_silent
from schema.facts import CaseFact, CaseFiled, ReviewFact
from schema.notices import Notice
from schema.rules.notices import MOVES
from schema.store import Store, StoreUnreachable

SEND_EVERY = 5.0
URGE_EVERY = 15.0
BRIEF_EVERY = 60.0
SILENCE_EVERY = 60.0
SPACE_EVERY = 15.0
log = structlog.get_logger()


class Notices:
    """Starts and stops the threads. `ways` are those besides the inbox, which needs nobody."""

    def __init__(self, settings: Settings, store: Store, bus: Bus, ways: Sequence[Way] | None = None) -> None:
        self._store = store
        self._letters = Letters(Words.read(), store.zone, settings.mail.link)
        self._ways = (
            ways
            if ways is not None
            else (ByMail(settings.mail, settings.site.name, store.clock), gateway_of(settings.sms.gateway))
        )
        self._texts_filed = settings.sms.case_numbers
        self._brief_hour = settings.site.brief_hour
        self._long_silence = timedelta(minutes=settings.field.silent_minutes)
        self._begin: int | None = None
        self._stopping = threading.Event()
        self._asked = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=one, name=name, daemon=True)
            for name, one in (
                ("notices", (self.send, self._asked, SEND_EVERY)),
                ("urging", (self.urge, self._stopping, URGE_EVERY)),
                ("briefs", (self.brief, self._stopping, BRIEF_EVERY)),
                ("silence", (self.silence, self._stopping, SILENCE_EVERY)),
                ("space", (self.space, self._stopping, SPACE_EVERY)),
            )
        ]
        bus.subscribe("notices", (CaseFact, ReviewFact), self.hear)

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish what is in hand; what is left keeps."""
        self._stopping.set()
        self._asked.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(5)

    def hear(self, envelope: Envelope) -> None:
        """A fact about a case, or about the review of a call, was published: make its notices, once."""
        fact = envelope.message
        if isinstance(fact, ReviewFact):
            with self._store.work() as work:
                if make_review_notices(work, envelope.key, fact, self._letters.write_review):
                    self._asked.set()
            return
        if not isinstance(fact, CaseFact) or not self._concerns(fact):
            return
        if self._begin is None:
            with self._store.read() as session:
                self._begin = notices.begins_after(session)
        if envelope.seq > self._begin:
            with self._store.work() as work:
                made: object = notices.make_notices(work, envelope.key, fact, self._letters.write)
                if self._texts_filed and isinstance(fact, CaseFiled):
                    made = citizentexts.text_filed(work, envelope.key, fact) or made
            if made:
                self._asked.set()

    def _concerns(self, fact: CaseFact) -> bool:
        if notices.is_told(fact) or (self._texts_filed and isinstance(fact, CaseFiled)):
            return True
        if type(fact).__name__ not in MOVES:
            return False
        with self._store.read() as session:
            return notices.is_followed(session, fact)

    def send(self) -> bool:
        """Send what is due, some of each way; whether there may be more. Raises StoreUnreachable."""
        return any([self._send_by(way) for way in self._ways])

    def urge(self) -> bool:
        """Let clocks climb that are due; whether there may be more. Raises StoreUnreachable."""
        return urging.beat(self._store) == urging.BATCH

    def brief(self) -> bool:
        """Tell of yesterday's brief, once its hour has come; there is never more. Raises StoreUnreachable."""
        if briefs.tell_brief(self._store, self._brief_hour, self._letters.write_brief):
            self._asked.set()
        return False

    def silence(self) -> bool:
        """Tell of handsets on duty that fell silent; whether there may be more. Raises StoreUnreachable."""
        with self._store.work() as work:
            found = tell_silent(work, self._long_silence, self._letters.write_silent)
        if found:
            log.info("handsets on duty fell silent", count=len(found))
            self._asked.set()
        return len(found) == BATCH

    def space(self) -> bool:
        """Tell of disks that are nearly full, or have room again; there is never more. Raises StoreUnreachable."""
        with self._store.work() as work:
            if spacealarms.tell(work, self._letters.write_space):
                self._asked.set()
        return False

    def _send_by(self, way: Way) -> bool:
        sent = 0
        while not self._stopping.is_set():
            # One at a time: what is not in hand is anybody's, and a lease covers one slow letter, not a queue of them.
            with self._store.work() as work:
                taken = notices.lease(work, way.name, 1)
            if not taken:
                break
            if not self._send_one(way, taken[0]):
                break
            sent += 1
        return sent > 0

    def _send_one(self, way: Way, notice: Notice) -> bool:
        """Send one that is leased; whether others may be tried now."""
        text = notice.text or self._text(notice)
        letter = Letter(notice.id, notice.address, notice.language, notice.subject, text)
        go_on = True
        try:
            way.send(letter)
        except CouldNot as why:
            with self._store.work() as work:
                notices.did_not_go(work, notice.id, str(why), state="could-not")
        except Never as why:
            log.warning("a notice was refused", way=way.name, notice=str(notice.id), reason=str(why))
            with self._store.work() as work:
                notices.did_not_go(work, notice.id, str(why))
        except Later as why:
            go_on = not why.all
            with self._store.work() as work:
                again = notices.goes_later(work, notice.id, str(why))
            log.warning(
                "a notice did not go", way=way.name, notice=str(notice.id), reason=str(why), again=again
            )
        except Exception as why:
            # A way that breaks is no reason to lose its notice, nor to hold up the others.
            log.exception("a way of sending broke", way=way.name, notice=str(notice.id))
            with self._store.work() as work:
                notices.goes_later(work, notice.id, type(why).__name__)
        else:
            with self._store.work() as work:
                notices.was_sent(work, notice.id)
        return go_on

    def _text(self, notice: Notice) -> str:
        """What a text message to a citizen says, written now: how far a case is may have changed while it waited."""
        with self._store.work() as work:
            case = work.session.get(Case, notice.case)
            text = self._letters.write_citizen(notice.kind, case) if case is not None else ""
            notices.write_text(work, notice.id, text)
        return text

    def _run(self, turn: Callable[[], bool], asked: threading.Event, every: float) -> None:
        while not self._stopping.is_set():
            try:
                more = turn()
            except StoreUnreachable:
                more = False
            except Exception:
                log.exception("notices: a turn failed")
                more = False
            if not more:
                asked.wait(every)
            if asked is not self._stopping:
                asked.clear()
