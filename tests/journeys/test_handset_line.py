"""The handset app on a line that breaks: what the broker has is not sent again."""

import pytest
from playwright.sync_api import Page, WebSocketRoute
from sqlalchemy import select

from schema.handsets import Report
from tests.journeys.handsetphone import SETTLED, Hands, by_hand, street, write_report

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["street"]


class Line:
    """The WebSocket of a page to the broker: what goes up is noted, what comes down can be held back."""

    def __init__(self, page: Page) -> None:
        self.up = b""
        self.is_held = False
        self.opened = 0
        self._now: WebSocketRoute | None = None
        page.route_web_socket(lambda _: True, self._open)

    def tear(self) -> None:
        """End the connection that there is."""
        assert self._now is not None
        self._now.close()

    def _open(self, route: WebSocketRoute) -> None:
        self.opened, self._now = self.opened + 1, route
        server = route.connect_to_server()

        def went(message: str | bytes) -> None:
            self.up += message if isinstance(message, bytes) else message.encode()
            server.send(message)

        def came(message: str | bytes) -> None:
            if not (self.is_held and b"down/receipt" in message):  # type: ignore[operator]
                route.send(message)

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
    street.street.until(select(Report.id).where(Report.text == "路灯不亮"))
    for _ in range(2):
        opened = line.opened
        line.tear()
        while line.opened == opened:
            page.wait_for_timeout(100)
        page.wait_for_timeout(2_000)  # what would go up again does so at once
        assert line.up.count(b"up/report") == 1
    line.is_held = False
    line.tear()
    page.goto(f"{street.street.base}/#/history")
    page.locator(SETTLED).wait_for()
    assert line.up.count(b"up/report") == 1
