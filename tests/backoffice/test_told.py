"""Beside a step stands who was told of it, and what could not go."""

from backoffice.told import told_by_hop
from schema.desk.timeline import timeline
from schema.ids import uuid7
from schema.notices import Notice
from tests.backoffice.conftest import Town
from tests.backoffice.test_noticelog import told


def test_a_notice_stands_beside_the_last_step_of_its_moment(town: Town) -> None:
    row = told(town, state="could-not", way="sms", why="no-gateway")
    with town.store.read() as session:
        case = session.get_one(type(town.filed()), row.case)
        hops = timeline(session, case.contact)
        other = Notice(receiver=uuid7(), way="mail", at=town.clock.now.replace(year=2020))
        found = told_by_hop(hops, case, [row, other], {row.receiver: "网格员 李"})
    assert [(place, hops[place].hop) for place in found] == [(2, "case.filed")]
    (one,) = found[2]
    assert (one.name, one.notices) == ("网格员 李", [row])


def test_the_case_page_says_that_no_gateway_is_configured(town: Town) -> None:
    row = told(town, state="could-not", way="sms", why="no-gateway")
    html = town.visit("agent").text(f"/cases/{row.case}")
    assert 'data-testid="told"' in html and "未配置短信网关" in html
