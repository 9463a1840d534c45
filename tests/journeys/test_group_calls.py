"""A group call on a real PBX: telephones ring at once, who answers is in one room; it is no citizen's call."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from conf.tools import Tools
from cti.audit import audit
from demo.phone import Phone
from schema.calls import CallRow
from schema.orders import CallGroup
from tests.journeys.callsite import CallSite, call_site
from tests.patience import until
from tests.real.pbx import Ami

pytestmark = [pytest.mark.real, pytest.mark.journey]
ONE, TWO, NOBODY = "13800000301", "13800000302", "13800000303"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CallSite]:
    with call_site(tmp_path_factory.mktemp("groups")) as found:
        yield found


def in_rooms(ami: Ami) -> list[tuple[str, str]]:
    """(channel's id, room) of everybody who is in a room."""
    after = len(ami.heard)
    ami.say(Action="CoreShowChannels")
    ami.wait(lambda m: m.get("Event") == "CoreShowChannelsComplete", after=after)
    return sorted(
        (m["Uniqueid"], m["ApplicationData"].partition(",")[0])
        for m in ami.heard[after:]
        if m.get("Event") == "CoreShowChannel" and m.get("Application") == "ConfBridge"
    )


def test_who_answers_is_in_one_room_and_no_call_of_a_citizen_is_made_of_it(site: CallSite) -> None:
    pbx = site.settings.pbx
    server, auth = f"127.0.0.1:{pbx.sip_port}", (pbx.trunk_user, pbx.trunk_secret)
    program = Tools(site.settings.tools).baresip()
    # What lies behind the carrier is one address: a telephone of two numbers.
    phone = Phone(
        program, site.folder / "phones", ONE, server, auth=auth, port=pbx.trunk_port, answers="auto"
    )
    accounts = site.folder / "phones" / "accounts"
    accounts.write_text(accounts.read_text() + accounts.read_text().replace(ONE, TWO))
    site.phones.append(phone.start())
    began = datetime.now(UTC)
    order = CallGroup(numbers=(ONE, TWO, NOBODY))
    site.order(order)
    ami = Ami(pbx.ami_port, "mouth", pbx.mouth_secret)
    room = str(order.order)
    wanted = sorted((str(order.leg(number)), room) for number in (ONE, TWO))
    try:
        until(lambda: in_rooms(ami) == wanted)
        phone.stop()
        until(lambda: in_rooms(ami) == [])
    finally:
        ami.close()
    with site.store.read() as session:
        assert session.scalar(select(func.count()).select_from(CallRow)) == 0
        log = site.settings.var / "log" / pbx.folder
        found = audit(session, pbx.node, pbx.trunk_user, log, began - timedelta(minutes=1), datetime.now(UTC))
    assert found.differences == []
