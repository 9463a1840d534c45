"""The demo city: laid out once however often, on both databases, with secrets that are kept and not shown."""

import stat
from dataclasses import replace

from sqlalchemy import func, select

from conf.settings import Settings
from demo.city import PEOPLE, SPOT, City, lay_out_city
from schema.cases import Case, CaseStep
from schema.clocks import CalendarVersion
from schema.desk.deadlines import find_calendar
from schema.desk.handsets import enrolled
from schema.desk.people import check_login
from schema.desk.places import cell_at
from schema.outbox import OutboxRow
from schema.people import User
from schema.places import GridCell
from schema.store import Store


def _counts(store: Store) -> dict[str, int]:
    with store.read() as session:
        tables = (User, GridCell, Case, CaseStep, CalendarVersion, OutboxRow)
        return {t.__name__: session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


def test_the_city_has_who_and_what_the_main_job_needs(store: Store, site: Settings) -> None:
    city = lay_out_city(store, site)
    assert set(city.passwords) == {person[0] for person in PEOPLE}
    user = check_login(store, "agent1", city.passwords["agent1"], "127.0.0.1")
    assert (user.post, user.seat) == ("agent", "101")
    with store.read() as session:
        assert {handset.device for handset in enrolled(session)} == {
            device.device for device in city.handsets
        }
        cell = cell_at(session, *SPOT)
        assert cell is not None and cell.code == city.cell
        assert session.get_one(User, cell.worker).name == city.worker_name
        assert session.scalar(select(func.count()).select_from(GridCell)) == 12
        calendar = find_calendar(session, store.zone)
        assert calendar is not None and len(calendar.workdays) == 6


def test_the_citizen_has_a_history(store: Store, site: Settings) -> None:
    city = lay_out_city(store, site)
    with store.read() as session:
        cases = session.scalars(
            select(Case).where(Case.number == city.citizen_number).order_by(Case.made_at)
        ).all()
    assert [(case.state, case.rating) for case in cases] == [("rated", 2), ("filed", None)]
    assert all(case.due_at and case.due_at > case.made_at for case in cases)


def test_nobody_is_called_about_what_is_long_past(store: Store, site: Settings) -> None:
    lay_out_city(store, site)
    with store.read() as session:
        assert "CallCitizen" not in set(session.scalars(select(OutboxRow.name)))


def test_laying_out_again_changes_nothing(store: Store, site: Settings) -> None:
    first: City = lay_out_city(store, site)
    before = _counts(store)
    assert lay_out_city(store, site) == first
    assert _counts(store) == before


def test_secrets_are_for_the_owner_only_and_renewed_when_lost(store: Store, site: Settings) -> None:
    first = lay_out_city(store, site)
    file = site.var / "passwords.toml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.unlink()
    second = lay_out_city(store, site)
    assert second.passwords["agent1"] != first.passwords["agent1"]
    assert check_login(store, "agent1", second.passwords["agent1"], "127.0.0.1").login == "agent1"


def test_two_sites_have_different_secrets(store: Store, site: Settings) -> None:
    one = lay_out_city(store, site)
    other = lay_out_city(store, replace(site, var=site.var / "other"))
    assert set(one.passwords.values()).isdisjoint(other.passwords.values())
    assert {d.secret for d in one.handsets}.isdisjoint(d.secret for d in other.handsets)
