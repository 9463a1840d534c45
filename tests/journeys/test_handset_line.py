"""The handset app on a line that breaks: what the broker has is not sent again."""

import pytest
from playwright.sync_api import Page, WebSocketRoute
from sqlalchemy import select

from schema.handsets import Report
from tests.journeys.handsetphone import SETTLED, Hands, by_hand, street, write_report

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["street"]
REPORT = b"/up/report"
PUBACK = 0x40


class Line:
    """The connections of a page to the broker: what went up on each is noted; receipts can be held back.

    Everything passes through Playwright's loop, so nothing may block while a page is to hear something.
    """

    def __init__(self, page: Page) -> None:
        self.ups: list[bytes] = []
        self.acknowledged: set[bytes] = set()
        self.is_held = False
        self._now: WebSocketRoute | None = None
        page.route_web_socket(lambda _: True, self._open)

    def tear(self) -> None:
        """End the connection that there is."""
        assert self._now is not None
        self._now.close()

    def reports(self) -> list[int]:
        """How many reports went up on each connection."""
        return [up.count(REPORT) for up in self.ups]

    def has(self) -> bool:
        """Whether the broker has said that it has a report of this connection (PUBACK, its packet identifier)."""
        up = self.ups[-1]
        at = up.find(REPORT) + len(REPORT)
        return REPORT in up and up[at : at + 2] in self.acknowledged

    def _open(self, route: WebSocketRoute) -> None:
        self._now, n = route, len(self.ups)
        self.ups.append(b"")
        server = route.connect_to_server()

        def went(message: str | bytes) -> None:
            assert isinstance(message, bytes)
            self.ups[n] += message
            server.send(message)

        def came(message: str | bytes) -> None:
            assert isinstance(message, bytes)
            if self.is_held and b"down/receipt" in message:
                return
            route.send(message)
            if message[0] == PUBACK:
                self.acknowledged.add(message[2:4])

        route.on_message(went)
        server.on_message(came)


@by_hand
def test_what_the_broker_has_is_not_sent_again_on_another_connection(street: Hands) -> None:
    phone = street.phone("torn")
    page = phone.switch_on()
    line = Line(page)
    phone.enrol(page)
    page.locator("[data-testid=net][data-state=up][data-way=mqtt]").wait_for()
    line.is_held = True
    write_report(page, "路灯不亮")
    page.get_by_test_id("report-send").click()
    page.get_by_test_id("report-waiting").wait_for()
    while not line.has():
        page.wait_for_timeout(100)
    first = len(line.ups)
    for n in (first, first + 1):
        line.tear()
        while len(line.ups) == n:
            page.wait_for_timeout(100)
        page.wait_for_timeout(2_000)  # what would go up again does so at once
        assert line.reports()[n] == 0
    street.street.until(select(Report.id).where(Report.text == "路灯不亮"))
    line.is_held = False
    line.tear()
    page.goto(f"{street.street.base}/#/history")
    page.locator(SETTLED).wait_for()
    assert not any(line.reports()[first:])
