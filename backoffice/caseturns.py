"""What turns a case off its straight way and back: one form, one order to the case desk, each."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import object_session

from backoffice.caseurging import local_time
from backoffice.caseview import find_case
from backoffice.casework import common, do, form_id, form_text
from backoffice.rights import needs
from schema.cases import Case
from schema.desk.checking import ask_check, recall_check
from schema.desk.confiding import conceal_case, reveal_case
from schema.desk.errors import Refused
from schema.desk.extensions import ask_extension, decide_extension
from schema.desk.merging import merge_case, unmerge_case
from schema.desk.pausing import reopen_case, resume_case, suspend_case, void_case
from schema.desk.replying import reply_case
from schema.desk.responsible import delegate_case, sign_case
from schema.desk.splitting import split_case
from schema.desk.verifying import confirm_case, file_accepted, reject_case, verify_case
from schema.ids import CaseId
from schema.orders import (
    AskCheck,
    AskExtension,
    ConcealCase,
    ConfirmCase,
    DecideExtension,
    DelegateCase,
    FileAccepted,
    MergeCase,
    Part,
    RecallCheck,
    RejectCase,
    ReopenCase,
    ReplyCase,
    ResumeCase,
    RevealCase,
    SignCase,
    SplitCase,
    SuspendCase,
    UnmergeCase,
    VerifyCase,
    VoidCase,
)

pages = Blueprint("caseturns", __name__)


@pages.post("/cases/<ref>/verify")
@needs("case.verify")
def verify(ref: str) -> ResponseReturnValue:
    """Have a grid worker look whether it is so."""

    def make(case: Case) -> VerifyCase:
        worker = form_id("worker")
        if worker is None:
            raise Refused("bad-field", "choose a grid worker", "worker")
        return VerifyCase(**common(case), worker=worker, note=form_text("note"))

    return do(ref, "verify", make, verify_case)


@pages.post("/cases/<ref>/confirm")
@needs("case.confirm")
def confirm(ref: str) -> ResponseReturnValue:
    """Say what was found: so or not so."""

    def make(case: Case) -> ConfirmCase:
        found = _yes("found")
        return ConfirmCase(**common(case), found=found, text=form_text("text", needed=not found))

    return do(ref, "confirm", make, confirm_case)


@pages.post("/cases/<ref>/ask-check")
@needs("case.check")
def send_to_check(ref: str) -> ResponseReturnValue:
    """Have a grid worker look whether what was handled is done well."""

    def make(case: Case) -> AskCheck:
        worker = form_id("checker")
        if worker is None:
            raise Refused("bad-field", "choose a grid worker", "worker")
        until = local_time("answer_by")
        return AskCheck(**common(case), worker=worker, note=form_text("note"), answer_by=until)

    return do(ref, "ask-check", make, ask_check)


@pages.post("/cases/<ref>/recall-check")
@needs("case.check")
def take_back_check(ref: str) -> ResponseReturnValue:
    """Nobody has to look any more."""
    return do(
        ref, "recall-check", lambda case: RecallCheck(**common(case), text=form_text("text")), recall_check
    )


@pages.post("/cases/<ref>/file")
@needs("case.file")
def file(ref: str) -> ResponseReturnValue:
    """File what was taken in."""
    return do(ref, "file", lambda case: FileAccepted(**common(case), text=form_text("text")), file_accepted)


@pages.post("/cases/<ref>/reply")
@needs("case.reply")
def reply(ref: str) -> ResponseReturnValue:
    """Answer the citizen at once, and close."""
    return do(
        ref,
        "reply",
        lambda case: ReplyCase(**common(case), text=form_text("text", needed=True)),
        reply_case,
    )


@pages.post("/cases/<ref>/reject")
@needs("case.reject")
def reject(ref: str) -> ResponseReturnValue:
    """Do not file what was taken in."""
    return do(ref, "reject", lambda case: RejectCase(**common(case), reason=_reason()), reject_case)


@pages.post("/cases/<ref>/void")
@needs("case.void")
def void(ref: str) -> ResponseReturnValue:
    """Declare the case void."""
    return do(ref, "void", lambda case: VoidCase(**common(case), reason=_reason()), void_case)


@pages.post("/cases/<ref>/suspend")
@needs("case.suspend")
def suspend(ref: str) -> ResponseReturnValue:
    """Let the case and its clock stand still."""
    return do(ref, "suspend", lambda case: SuspendCase(**common(case), reason=_reason()), suspend_case)


@pages.post("/cases/<ref>/resume")
@needs("case.suspend")
def resume(ref: str) -> ResponseReturnValue:
    """Go on where the case was suspended."""
    return do(ref, "resume", lambda case: ResumeCase(**common(case), text=form_text("text")), resume_case)


@pages.post("/cases/<ref>/ask-extension")
@needs("case.extend")
def ask(ref: str) -> ResponseReturnValue:
    """Ask for more time."""

    def make(case: Case) -> AskExtension:
        text = form_text("units")
        units = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
        return AskExtension(**common(case), units=units, reason=_reason())

    return do(ref, "ask-extension", make, ask_extension)


@pages.post("/cases/<ref>/decide-extension")
@needs("case.approve")
def decide(ref: str) -> ResponseReturnValue:
    """Grant the time asked for, or refuse it."""

    def make(case: Case) -> DecideExtension:
        granted = _yes("granted")
        return DecideExtension(**common(case), granted=granted, text=form_text("text", needed=not granted))

    return do(ref, "decide-extension", make, decide_extension)


@pages.post("/cases/<ref>/reopen")
@needs("case.reopen")
def reopen(ref: str) -> ResponseReturnValue:
    """Work at the case again."""
    return do(ref, "reopen", lambda case: ReopenCase(**common(case), reason=_reason()), reopen_case)


@pages.post("/cases/<ref>/merge")
@needs("case.merge")
def merge(ref: str) -> ResponseReturnValue:
    """Merge the case into another, named by its number."""

    def make(case: Case) -> MergeCase:
        session = object_session(case)
        assert session is not None
        try:
            into = find_case(session, form_text("into"))
        except Refused as refused:
            raise Refused("bad-field", refused.text, "into") from refused
        return MergeCase(**common(case), into=CaseId(into.id), text=form_text("text"))

    return do(ref, "merge", make, merge_case)


@pages.post("/cases/<ref>/unmerge")
@needs("case.merge")
def unmerge(ref: str) -> ResponseReturnValue:
    """Take a merge back."""
    return do(ref, "unmerge", lambda case: UnmergeCase(**common(case), text=form_text("text")), unmerge_case)


@pages.post("/cases/<ref>/split")
@needs("case.split")
def split(ref: str) -> ResponseReturnValue:
    """Split the case: each line typed is a part."""

    def make(case: Case) -> SplitCase:
        lines = [line.strip() for line in form_text("parts").splitlines() if line.strip()]
        parts = tuple(Part(title=line[:120], text=line) for line in lines)
        return SplitCase(**common(case), parts=parts)

    return do(ref, "split", make, split_case)


@pages.post("/cases/<ref>/sign")
@needs("case.sign")
def sign(ref: str) -> ResponseReturnValue:
    """Sign for the case."""
    return do(ref, "sign", lambda case: SignCase(**common(case), text=form_text("text")), sign_case)


@pages.post("/cases/<ref>/delegate")
@needs("case.delegate")
def delegate(ref: str) -> ResponseReturnValue:
    """Hand the case on to a department below."""

    def make(case: Case) -> DelegateCase:
        department = form_id("department")
        if department is None:
            raise Refused("bad-field", "choose a department", "department")
        return DelegateCase(**common(case), department=department, note=form_text("note"))

    return do(ref, "delegate", make, delegate_case)


@pages.post("/cases/<ref>/conceal")
@needs("case.conceal")
def conceal(ref: str) -> ResponseReturnValue:
    """Make the case confidential."""
    return do(ref, "conceal", lambda case: ConcealCase(**common(case), reason=_reason()), conceal_case)


@pages.post("/cases/<ref>/reveal")
@needs("case.reveal")
def reveal(ref: str) -> ResponseReturnValue:
    """The case is confidential no longer."""
    return do(ref, "reveal", lambda case: RevealCase(**common(case), reason=_reason()), reveal_case)


def _reason() -> str:
    return form_text("reason", needed=True)


def _yes(field: str) -> bool:
    answer = request.form.get(field, "")
    if answer not in ("yes", "no"):
        raise Refused("bad-field", f"say yes or no to {field}", field)
    return answer == "yes"
