"""Every order of the life cycle as the desk is given it, and a case brought to any state by its orders."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from schema.cases import Case
from schema.desk import (
    casefiles,
    cases,
    checking,
    confiding,
    extensions,
    merging,
    pausing,
    replying,
    responsible,
    splitting,
    supervising,
    urging,
    verifying,
)
from schema.desk.filing import take_in_case
from schema.ids import CaseId, uuid7
from schema.orders import (
    AnswerSupervision,
    AskCheck,
    AskExtension,
    AttachFile,
    CaseOrder,
    CheckCase,
    CloseCase,
    ConcealCase,
    ConfirmCase,
    DecideExtension,
    DelegateCase,
    DetachFile,
    DispatchCase,
    FileAccepted,
    HandleCase,
    InstructCase,
    MergeCase,
    Part,
    RateCase,
    RecallCheck,
    RejectCase,
    ReopenCase,
    ReplyCase,
    ResumeCase,
    RevealCase,
    SendBackCase,
    SignCase,
    SplitCase,
    SuperviseCase,
    SuspendCase,
    TakeInCase,
    UnmergeCase,
    UrgeCase,
    VerifyCase,
    VoidCase,
)
from tests.schema.desk.casework import CELL, NUMBER, STATES, Office

PARTS = (Part(title="路灯", text="不亮", kind="service"), Part(title="垃圾", text="没人收"))

Does = Callable[[Any, Any], Any]
Makes = Callable[[Office, CaseId], CaseOrder]


def attaching(desk: Office, case: CaseId, **changes: Any) -> AttachFile:
    """An order that a letter belong to a case."""
    file = uuid7()
    made = AttachFile(
        by=desk.agent, case=case, file=file, name="来信.txt", type="text/plain", size=12, sha256="0" * 64,
        path=f"files/00/{file}.txt", text="梧桐树倒了",
    )  # fmt: skip
    return replace(made, **changes)


def file_of(desk: Office, case: UUID) -> UUID:
    """The newest file of a case; without one, an id that none has."""
    with desk.store.read() as session:
        found = casefiles.files_of(session, case)
    return found[-1].id if found else uuid7()


EVERY: dict[str, tuple[Does, Makes]] = {
    "verify": (
        verifying.verify_case,
        lambda d, c: VerifyCase(by=d.agent, case=c, worker=d.worker, note="请看"),
    ),
    "confirm": (verifying.confirm_case, lambda d, c: ConfirmCase(by=d.agent, case=c, found=True)),
    "deny": (verifying.confirm_case, lambda d, c: ConfirmCase(by=d.agent, case=c, found=False, text="亮的")),
    "file": (verifying.file_accepted, lambda d, c: FileAccepted(by=d.agent, case=c)),
    "reply": (replying.reply_case, lambda d, c: ReplyCase(by=d.agent, case=c, text="周一起办理")),
    "reject": (verifying.reject_case, lambda d, c: RejectCase(by=d.agent, case=c, reason="不归本市")),
    "dispatch": (cases.dispatch_case, lambda d, c: DispatchCase(by=d.agent, case=c, worker=d.worker)),
    "handle": (cases.handle_case, lambda d, c: HandleCase(by=d.agent, case=c, text="已答复")),
    "pass": (cases.check_case, lambda d, c: CheckCase(by=d.agent, case=c, passed=True)),
    "fail": (cases.check_case, lambda d, c: CheckCase(by=d.agent, case=c, passed=False, text="还是不亮")),
    "ask-check": (
        checking.ask_check,
        lambda d, c: AskCheck(
            by=d.agent, case=c, worker=d.worker2, answer_by=d.store.clock() + timedelta(days=1)
        ),
    ),
    "recall-check": (checking.recall_check, lambda d, c: RecallCheck(by=d.agent, case=c)),
    "close": (cases.close_case, lambda d, c: CloseCase(by=d.agent, case=c)),
    "send-back": (cases.send_back_case, lambda d, c: SendBackCase(by=d.agent, case=c, reason="派错了")),
    "rate": (cases.rate_case, lambda d, c: RateCase(by=d.agent, case=c, score=2)),
    "suspend": (pausing.suspend_case, lambda d, c: SuspendCase(by=d.supervisor, case=c, reason="等配件")),
    "resume": (pausing.resume_case, lambda d, c: ResumeCase(by=d.supervisor, case=c)),
    "ask-extension": (
        extensions.ask_extension,
        lambda d, c: AskExtension(by=d.agent, case=c, units=2, reason="下雨"),
    ),
    "grant-extension": (
        extensions.decide_extension,
        lambda d, c: DecideExtension(by=d.supervisor, case=c, granted=True),
    ),
    "refuse-extension": (
        extensions.decide_extension,
        lambda d, c: DecideExtension(by=d.supervisor, case=c, granted=False, text="不下雨"),
    ),
    "urge": (urging.urge_case, lambda d, c: UrgeCase(by=d.agent, case=c)),
    "supervise": (
        supervising.supervise_case,
        lambda d, c: SuperviseCase(
            by=d.supervisor, case=c, text="三天内修好", answer_by=d.store.clock() + timedelta(days=3)
        ),
    ),
    "instruct": (
        supervising.instruct_case,
        lambda d, c: InstructCase(
            by=d.leader, case=c, text="请尽快", answer_by=d.store.clock() + timedelta(days=2)
        ),
    ),
    "answer": (
        supervising.answer_supervision,
        lambda d, c: AnswerSupervision(by=d.agent, case=c, text="已安排"),
    ),
    "reopen": (pausing.reopen_case, lambda d, c: ReopenCase(by=d.agent, case=c, reason="又坏了")),
    "void": (pausing.void_case, lambda d, c: VoidCase(by=d.supervisor, case=c, reason="打错了")),
    "merge": (merging.merge_case, lambda d, c: MergeCase(by=d.agent, case=c, into=CaseId(d.case().id))),
    "unmerge": (merging.unmerge_case, lambda d, c: UnmergeCase(by=d.agent, case=c)),
    "sign": (responsible.sign_case, lambda d, c: SignCase(by=d.supervisor, case=c)),
    "delegate": (
        responsible.delegate_case,
        lambda d, c: DelegateCase(by=d.supervisor, case=c, department=d.section, note="请处理"),
    ),
    "conceal": (
        confiding.conceal_case,
        lambda d, c: ConcealCase(by=d.agent, case=c, reason="来电人要求保密"),
    ),
    "reveal": (
        confiding.reveal_case,
        lambda d, c: RevealCase(by=d.supervisor, case=c, reason="来电人同意公开"),
    ),
    "attach": (casefiles.attach_file, lambda d, c: attaching(d, c)),
    "detach": (
        casefiles.detach_file,
        lambda d, c: DetachFile(by=d.supervisor, case=c, file=file_of(d, c), reason="放错了"),
    ),
    "split": (splitting.split_case, lambda d, c: SplitCase(by=d.agent, case=c, parts=PARTS)),
}
"""Order of the table → (the desk's function, an order by somebody who may)."""

INNER = {"collect", "accept", "take-in", "let-go", "split-off", "find-late"}
"""Orders of the table that come only with another: of the filing, of the other case, of a part, with a report."""

WAYS = {
    "accepted": (),
    "verifying": ("verify",),
    "verified": ("verify", "confirm"),
    "rejected": ("reject",),
    "suspended": ("file", "dispatch", "suspend"),
    "void": ("file", "void"),
    "merged": ("file", "dispatch", "merge"),
    "split": ("file", "split"),
}


def do(desk: Office, what: str, case: UUID, **changes: Any) -> Any:
    """Carry the order out, in a commit of its own."""
    function, make = EVERY[what]
    return carry(desk, function, make(desk, CaseId(case)), **changes)


def carry(desk: Office, function: Does, order: Any, **changes: Any) -> Any:
    """Carry out an order, with some fields changed."""
    with desk.store.work() as work:
        return function(work, replace(order, **changes))


def taking_in(desk: Office, **changes: Any) -> TakeInCase:
    """An order to take a plain request in."""
    wanted: dict[str, Any] = {
        "by": desk.agent, "class_": "government", "kind": "complaint", "title": "路灯不亮", "text": "三天没有亮。",
        "cell": CELL, "number": NUMBER,
    }  # fmt: skip
    return TakeInCase(**wanted | changes)


def to_unit(desk: Office, **changes: Any) -> Case:
    """A case that was dispatched to the unit."""
    case = desk.case(**changes)
    by = desk.supervisor if case.confidential else desk.agent
    carry(desk, cases.dispatch_case, DispatchCase(by=by, case=CaseId(case.id), department=desk.unit))
    return desk.look(case.id)


def bring(desk: Office, state: str) -> Case:
    """A case in any state of the table."""
    if state in STATES:
        return desk.case(state)
    with desk.store.work() as work:
        case = take_in_case(work, taking_in(desk))
    for what in WAYS[state]:
        do(desk, what, case.id)
    return desk.look(case.id)
