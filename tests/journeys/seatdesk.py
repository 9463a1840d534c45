"""A seat page with a telephone and a telephone room that are the test's own: real browser, real server, no PBX."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from schema.ids import uuid7
from tests.journeys.webpages import Office

FAKE = Path(__file__).parent / "fakesip.js"
CITIZEN = "13900000001"
WAITS = "01960000-0000-7000-8000-0000000000aa"
"""The call, and the contact, of a citizen who waits."""


def ago(seconds: float) -> str:
    """An ISO time so long ago."""
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()


class SeatDesk:
    """Seat 101's page. What the floor says of it is set with `row`; `orders` are those that were given."""

    def __init__(self, office: Office, **how: Any) -> None:
        self.office = office
        self.wishes: dict[str, Any] = {"room": True, "rows": {}, "callrows": {}, "refuse": {}}
        self._read = len(self._lines())
        self.contact = str(uuid7())
        self.wish()
        self.page = office.page(**how)
        self.page.route("**/vendor/jssip.min.js", lambda route: route.fulfill(path=FAKE))

    def sit_down(self, login: str = "agent1", language: str = "") -> Page:
        """Log in, open the seat, registered and ready."""
        self.office.log_in(self.page, login, language)
        self.page.goto("/seat")
        self.page.get_by_test_id("seat-open").click()
        self.row(state="ready")
        self.page.locator("[data-testid=softphone-state][data-state=registered]").wait_for()
        self.seen("ready")
        return self.page

    def wish(self) -> None:
        file = self.office.var / "wishes.new"
        file.write_text(json.dumps(self.wishes), "utf-8")
        file.replace(self.office.var / "wishes.json")

    def row(self, seat: str = "101", **row: Any) -> None:
        """What the floor says of a seat from now on."""
        self.wishes["rows"][seat] = {"name": "林晓", "since": ago(5), "why": "queue", "citizen": ""} | row
        self.wish()

    def talking(self, **row: Any) -> None:
        """The floor says the seat talks with the citizen."""
        about = {"state": "talking", "number": CITIZEN, "call": self.contact, "contact": self.contact}
        self.row(**about | {"citizen": "talking", "conference": False, "consult": None, "watchers": []} | row)

    def call(self, id: str, **row: Any) -> None:
        """What the floor says of a call from now on."""
        self.wishes["callrows"][id] = {"call": id, "contact": id} | row
        self.wish()

    def rings(self, **how: Any) -> None:
        """The PBX rings the softphone."""
        about = {"number": CITIZEN, "contact": self.contact, "call": self.contact}
        self.page.evaluate("how => fake.ring(how)", about | how)

    def in_a_call(self, **row: Any) -> None:
        """Rung, answered, talking."""
        self.rings()
        self.page.get_by_test_id("call-answer").click()
        self.talking(**row)
        self.seen("talking")
        self.page.locator("[data-testid=call-party], [data-testid=call-watched] li").first.wait_for()

    def seen(self, state: str) -> None:
        """Wait until the page shows the seat in this state."""
        self.page.locator(f"[data-testid=seat-state][data-state={state}]").wait_for()

    def log(self) -> list[str]:
        """What the page did with its telephone."""
        found: list[str] = self.page.evaluate("fake.log")
        return found

    def until_logged(self, entry: str) -> None:
        """Wait until the page did this with its telephone."""
        self.page.wait_for_function("entry => fake.log.includes(entry)", arg=entry)

    def orders(self) -> list[dict[str, Any]]:
        """The orders given since the desk was made, without those of opening."""
        new = [json.loads(line) for line in self._lines()[self._read :]]
        return [one for one in new if one["kind"] not in ("OpenSeat", "SkillSeat")]

    def until_ordered(self, kind: str, count: int = 1) -> dict[str, Any]:
        """Wait until that many orders of a kind were given; the last."""
        for _ in range(100):
            found = [one for one in self.orders() if one["kind"] == kind]
            if len(found) >= count:
                assert len(found) == count, found
                return found[-1]
            self.page.wait_for_timeout(50)
        raise AssertionError(f"no {kind} among {self.orders()}")

    def opened(self) -> int:
        """How often the seat was opened since the desk was made."""
        return sum('"OpenSeat"' in line for line in self._lines()[self._read :])

    def buttons(self) -> set[str]:
        """The buttons of the call panel that are there."""
        shown = self.page.locator("[data-testid=call-panel] .keys [data-do]:visible")
        return {str(one.get_attribute("data-do")) for one in shown.all()}

    def expect_buttons(self, *names: str) -> None:
        """Wait until exactly these are there."""
        for _ in range(60):
            if self.buttons() == set(names):
                return
            self.page.wait_for_timeout(50)
        assert self.buttons() == set(names)

    def parties(self, *wanted: tuple[str, str]) -> None:
        """Wait until who is where is this: ("citizen", "hold"), ("consulted", "ringing")."""
        shown = self.page.get_by_test_id("call-party")
        expect(shown).to_have_count(len(wanted))
        for one, (role, state) in enumerate(wanted):
            expect(shown.nth(one)).to_have_attribute("data-role", role)
            expect(shown.nth(one)).to_have_attribute("data-state", state)

    def leave(self) -> None:
        """Close the browser; the floor is as before."""
        self.page.context.close()
        (self.office.var / "wishes.json").unlink(missing_ok=True)
        self.office.complaints.clear()

    def _lines(self) -> list[str]:
        file = self.office.var / "orders.jsonl"
        return file.read_text("utf-8").splitlines() if file.is_file() else []


@contextmanager
def desk(office: Office, **how: Any) -> Iterator[SeatDesk]:
    """A seat's page for the length of the block."""
    found = SeatDesk(office, **how)
    try:
        yield found
    finally:
        found.leave()
