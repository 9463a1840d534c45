"""What is done to a case: a route for each order of its life cycle, carried out when it is answered."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.api import caseasks, caseshapes
from backoffice.api.asks import Asked
from backoffice.api.atonce import AtOnce
from backoffice.api.cases import case_version, told
from backoffice.api.insight import case_in
from backoffice.api.problems import Problem
from backoffice.api.route import Ask, Route
from schema import orders
from schema.desk.cases import check_case, close_case, dispatch_case, handle_case, rate_case, send_back_case
from schema.desk.checking import ask_check, recall_check
from schema.desk.confiding import conceal_case, reveal_case
from schema.desk.extensions import ask_extension, decide_extension
from schema.desk.merging import merge_case, unmerge_case
from schema.desk.pausing import reopen_case, resume_case, suspend_case, void_case
from schema.desk.responsible import delegate_case, sign_case
from schema.desk.splitting import split_case
from schema.desk.supervising import answer_supervision, supervise_case
from schema.desk.urging import urge_case
from schema.desk.verifying import confirm_case, file_accepted, reject_case, verify_case
from schema.ids import CaseId, ContactId, as_id
from schema.people import Department, User
from schema.store import UnitOfWork

Make = Callable[[Session, Ask], dict[str, Any]]
"""The fields of an order that its body says, beside those every order to a case has. Raises Problem."""


def same_fields(_session: Session, ask: Ask) -> dict[str, Any]:
    """The body's fields are the order's."""
    return {name: getattr(ask.body, name) for name in ask.body.__struct_fields__}


def to_worker(session: Session, ask: Ask) -> dict[str, Any]:
    """A worker by login or id."""
    return {"worker": _named(session, User.id, User.login, ask.body.worker, "worker"), "note": ask.body.note}


def to_checker(session: Session, ask: Ask) -> dict[str, Any]:
    """A worker, and by when they are to answer."""
    return to_worker(session, ask) | {"answer_by": ask.body.answer_by}


def to_unit(session: Session, ask: Ask) -> dict[str, Any]:
    """A department by code or id."""
    found = _named(session, Department.id, Department.code, ask.body.department, "department")
    return {"department": found, "note": ask.body.note}


def to_either(session: Session, ask: Ask) -> dict[str, Any]:
    """A worker, or a department."""
    asked = [name for name in ("worker", "department") if getattr(ask.body, name) is not UNSET]
    if len(asked) != 1:
        raise Problem("refused", errors=[("worker", "name a worker, or a department")])
    return to_worker(session, ask) if asked == ["worker"] else to_unit(session, ask)


def _named(session: Session, id: Any, name: Any, asked: str, field: str) -> UUID:
    found: UUID | None = session.scalar(select(id).where(name == asked))
    if found is not None:
        return found
    try:
        return as_id(asked)
    except ValueError:
        raise Problem("refused", errors=[(field, f"there is no such {field}")]) from None


def into_case(session: Session, ask: Ask) -> dict[str, Any]:
    """The other case by number or id."""
    try:
        into = case_in(session, ask, ask.body.into)
    except Problem as problem:
        raise Problem("refused", problem.detail, [("into", problem.detail)]) from problem
    return {"into": CaseId(into.id), "text": ask.body.text}


def in_parts(_session: Session, ask: Ask) -> dict[str, Any]:
    """The parts."""
    parts = tuple(
        orders.Part(
            title=one.title, text=one.text, kind="" if one.kind is UNSET else one.kind,
            cell="" if one.cell is UNSET else one.cell,
        )
        for one in ask.body.parts
    )  # fmt: skip
    return {"parts": parts, "text": ask.body.text}


def _route(
    what: str, summary: str, right: str, kind: type[orders.CaseOrder], desk: Callable[[UnitOfWork, Any], object],
    body: type[Asked], make: Make = same_fields, path: str = "",
) -> Route:  # fmt: skip
    def does(ask: Ask) -> AtOnce:
        def carry_out(work: UnitOfWork, order: UUID) -> str:
            case = case_in(work.session, ask, ask.path["case"])
            number = case.case_no
            common: dict[str, Any] = {
                "order": order, "by": ask.who.user.id, "case": CaseId(case.id), "contact": ContactId(case.contact),
                "version": ask.version,
            }  # fmt: skip
            desk(work, kind(**common, **make(work.session, ask)))
            return number

        return AtOnce(name=kind.__name__, what=f"case.{what}", carry_out=carry_out)

    return Route(
        method="POST", path=f"/cases/{{case}}/{path or what}", name=f"case-{what}", tag="casework", summary=summary,
        right=right, does=does, told=told, body=body, gives=caseshapes.CaseOrder, fails=("wrong-state",),
        versioned=True, etag=case_version,
    )  # fmt: skip


ROUTES = (
    _route("verify", "Have a grid worker look whether it is so", "case.verify", orders.VerifyCase, verify_case,
           caseasks.Assigned, to_worker),
    _route("confirm", "Say what was found", "case.confirm", orders.ConfirmCase, confirm_case, caseasks.Found),
    _route("file-accepted", "File what was taken in: its clock starts", "case.file", orders.FileAccepted,
           file_accepted, caseasks.Remark, path="file"),
    _route("reject", "Do not file what was taken in", "case.reject", orders.RejectCase, reject_case,
           caseasks.Because),
    _route("dispatch", "Send a grid worker, or the case to a department", "case.dispatch", orders.DispatchCase,
           dispatch_case, caseasks.Dispatched, to_either),
    _route("sign", "Sign for a case that came to one's department", "case.sign", orders.SignCase, sign_case,
           caseasks.Remark),
    _route("delegate", "Hand the case on to a department below", "case.delegate", orders.DelegateCase, delegate_case,
           caseasks.Delegated, to_unit),
    _route("handle", "Say what was done", "case.handle", orders.HandleCase, handle_case, caseasks.Handled),
    _route("check", "Check what was done: passed, or back to the worker", "case.check", orders.CheckCase, check_case,
           caseasks.Checked),
    _route("ask-check", "Have another grid worker look on the spot whether it is done well", "case.check",
           orders.AskCheck, ask_check, caseasks.CheckAsked, to_checker, path="checks"),
    _route("recall-check", "Nobody has to look any more", "case.check", orders.RecallCheck, recall_check,
           caseasks.Remark, path="checks/recall"),
    _route("close", "Close the case", "case.close", orders.CloseCase, close_case, caseasks.Closed),
    _route("send-back", "Send the case back a step", "case.send-back", orders.SendBackCase, send_back_case,
           caseasks.Because),
    _route("rate", "Put the citizen's rating on a closed case", "case.rate", orders.RateCase, rate_case,
           caseasks.Rated),
    _route("suspend", "Let the case and its clock stand still", "case.suspend", orders.SuspendCase, suspend_case,
           caseasks.Because),
    _route("resume", "Go on where it was suspended", "case.suspend", orders.ResumeCase, resume_case, caseasks.Remark),
    _route("ask-extension", "Ask for more time", "case.extend", orders.AskExtension, ask_extension,
           caseasks.MoreTime, path="extensions"),
    _route("decide-extension", "Grant the time that was asked for, or refuse it", "case.approve",
           orders.DecideExtension, decide_extension, caseasks.Decided, path="extensions/decide"),
    _route("urge", "Tell who has the case to hurry", "case.urge", orders.UrgeCase, urge_case, caseasks.Remark),
    _route("supervise", "Order what is to be done, and to say by when what was", "case.supervise",
           orders.SuperviseCase, supervise_case, caseasks.Supervised, path="supervisions"),
    _route("answer", "Answer the oldest supervision order that is open", "case.answer", orders.AnswerSupervision,
           answer_supervision, caseasks.Handled, path="supervisions/answer"),
    _route("reopen", "Work at a closed or rejected case again", "case.reopen", orders.ReopenCase, reopen_case,
           caseasks.Because),
    _route("void", "End a case that should not be one", "case.void", orders.VoidCase, void_case, caseasks.Because),
    _route("conceal", "Make the case confidential", "case.conceal", orders.ConcealCase, conceal_case,
           caseasks.Because),
    _route("reveal", "The case is confidential no longer", "case.reveal", orders.RevealCase, reveal_case,
           caseasks.Because),
    _route("merge", "Merge the case into another", "case.merge", orders.MergeCase, merge_case, caseasks.Merged,
           into_case),
    _route("unmerge", "Take a merge back", "case.merge", orders.UnmergeCase, unmerge_case, caseasks.Remark),
    _route("split", "Split the case into parts", "case.split", orders.SplitCase, split_case, caseasks.Split,
           in_parts),
)  # fmt: skip
