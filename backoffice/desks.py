"""The dispatch desk (派遣) and the department desk (责任单位): what waits for whom, worked through case by case."""

from uuid import UUID

from flask import Blueprint, render_template, request
from sqlalchemy import ColumnElement, and_, true
from sqlalchemy.orm import Session

from backoffice.office import office, visitor
from backoffice.rights import may, needs
from schema.cases import Case
from schema.desk.bytime import holder_names
from schema.desk.caselist import light_of_row
from schema.desk.responsible import open_departments
from schema.desk.scope import departments_below, visible_cases
from schema.desk.worklists import DEPARTMENT, DISPATCH, Pile, worklist
from schema.people import Department
from schema.rules.access import ALL
from schema.rules.lights import COLOURS

pages = Blueprint("desks", __name__)


@pages.get("/desk/dispatch")
@needs("case.dispatch")
def dispatch() -> str:
    """What waits at the dispatch desk."""
    return _desk("dispatch", DISPATCH, "case.dispatch")


@pages.get("/desk/department")
@needs("case.sign")
def department() -> str:
    """What waits at a department's desk: one's own with those below it, or any for those who see all."""
    return _desk("department", DEPARTMENT, "case.sign")


def _desk(name: str, piles: tuple[Pile, ...], right: str) -> str:
    store, shown = office().store, [pile for pile in piles if may(visitor(), pile.right)]
    pile = request.args.get("pile", "")
    pile = pile if pile in {one.name for one in shown} else shown[0].name
    now = store.clock()
    with store.read() as session:
        units = _units(session, right) if name == "department" else []
        unit = next((row for row in units if str(row.id) == request.args.get("unit", "")), None)
        chosen = and_(visible_cases(session, visitor()), _with(session, name, unit))
        found = worklist(session, chosen, tuple(shown), pile, request.args.get("after", "")[:90])
        return render_template(
            "desk_rows.html" if request.args.get("part") == "rows" else "desk.html",
            desk=name, piles=shown, pile=pile, found=found, units=units, unit=unit,
            names=holder_names(session, found.rows), light=lambda case: light_of_row(case, now), colours=COLOURS,
        )  # fmt: skip


def _units(session: Session, right: str) -> list[Department]:
    """The departments whose cases somebody has this right over."""
    everywhere = visitor().actor.grants.get(right) == ALL
    return [row for row in open_departments(session) if everywhere or row.id in visitor().actor.departments]


def _with(session: Session, desk: str, unit: Department | None) -> ColumnElement[bool]:
    """On the department desk: the cases that are with a unit and those below it, or with any that is reached."""
    if desk != "department":
        return true()
    reach: frozenset[UUID] = visitor().actor.departments
    if unit is not None:
        reach = departments_below(session, unit.id)
    elif visitor().actor.grants.get("case.sign") == ALL:
        return Case.department.is_not(None)
    return Case.department.in_(reach)
