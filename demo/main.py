"""`gridline demo`: lays out a small city, runs the main job on real parts, then leaves the site up to look at."""

import shutil
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from conf.settings import Settings
from conf.supervisor import Supervisor
from demo.city import City, lay_out_city
from demo.hops import HopMissing
from demo.journey import Journey, StepFailed
from demo.phone import PhoneFailed
from demo.services import SERVICES
from schema.desk.enrolling import make_code
from schema.people import User
from schema.store import Store

KEPT_BETWEEN_RUNS = ("prompts",)


class Narrator:
    """Prints what happens with the seconds since the start."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def __call__(self, line: str) -> None:
        print(f"[{time.monotonic() - self._began:6.1f} s] {line}", flush=True)


def run(settings: Settings, *, once: bool, split: bool) -> int:
    """The demo; returns the exit code: 0 only if every hop truly happened."""
    say = Narrator()
    home = settings.var / "demo"
    _clear(home)
    # Who looks on does not wait for a recording because the machine is busy.
    keeping = replace(settings.recordings, patience=0.0)
    own = replace(settings, var=home, services=SERVICES, recordings=keeping)
    cities: list[City] = []
    supervisor = Supervisor(
        own, split=split, say=say, prepare=lambda store, laid: cities.append(lay_out_city(store, laid))
    )
    journey: Journey | None = None
    try:
        supervisor.start()
        say(f"the city is laid out: {cities[0].summary}")
        store = Store.of(supervisor.settings)
        journey = Journey(supervisor, cities[0], store, home, say)
        wrong = _told(journey, say)
        journey.hops.write(home / "timeline.json")
        say(f"time line: {home / 'timeline.json'}")
        if wrong:
            print("\nThe demo failed:\n" + "\n".join(f"  - {line}" for line in wrong), file=sys.stderr)
            print(f"What each part said meanwhile is in {home / 'log'}.", file=sys.stderr)
            return 1
        say(f"every hop carries contact {journey.hops.contact}")
        say(f"the page that shows the whole way: {journey.case_address}")
        journey.close()
        if not once:
            _invite(supervisor.settings, cities[0], store)
            supervisor.wait()
        return 0
    except KeyboardInterrupt:
        print("ending …")
        return 0 if not once else 130
    finally:
        if journey:
            journey.close()
        supervisor.stop()


def _told(journey: Journey, say: Narrator) -> list[str]:
    try:
        journey.run()
    except (StepFailed, HopMissing, PhoneFailed) as error:
        journey.picture("failed")
        return [str(error), *journey.hops.missing()]
    return journey.hops.missing()


def _clear(home: Path) -> None:
    """Start the demo city afresh; what is slow to make and never changes stays."""
    if home.is_dir():
        for item in home.iterdir():
            if item.name not in KEPT_BETWEEN_RUNS:
                shutil.rmtree(item) if item.is_dir() else item.unlink()
    home.mkdir(parents=True, exist_ok=True)


def _invite(settings: Settings, city: City, store: Store) -> None:
    print(f"\nThe site stays up at http://{settings.web.host}:{settings.web.port}/ until Ctrl-C.\n")
    for login, password in city.passwords.items():
        print(f"  {login:<12} {password}")
    with store.work() as work:
        worker = work.session.scalars(select(User).where(User.post == "worker").order_by(User.login)).first()
        if worker is not None:
            code = make_code(work, worker=worker.id, by=None, lasts=timedelta(days=1))
            print(
                f"\nA handset for {worker.login}: http://{settings.field.host}:{settings.field.port}/#{code}"
            )
    print(flush=True)
