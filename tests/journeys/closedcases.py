"""Cases that were answered two days ago, for the desk of return visits."""

from datetime import timedelta
from itertools import count

from sqlalchemy import select

from conf.settings import Settings
from schema.desk.cases import file_case
from schema.desk.replying import reply_case
from schema.desk.visits import record_try, take_visit
from schema.ids import CaseId
from schema.orders import FileCase, RecordTry, ReplyCase, TakeVisit
from schema.people import User
from schema.places import GridCell
from schema.store import Store
from tests.journeys.webpages import Office

NUMBERS = count(12345600)  # nobody has one of which it was said that it is wrong


def closed(office: Office, login: str, waiting: int, tried: int = 0) -> None:
    """Cases answered two days ago; some of them are taken by `login`, who called and found nobody."""
    store = Store(Settings(var=office.var).database_url)
    now = store.clock()
    with store.read() as session:
        who = session.scalars(select(User.id).where(User.login == login)).one()
        cell = str(session.scalars(select(GridCell.code)).first())
    store.clock = lambda: now - timedelta(days=2)
    for n in range(waiting):
        with store.work() as work:
            case = file_case(
                work,
                FileCase(
                    by=who, class_="social", kind="consultation", title=f"社保卡丢失如何补办 {n}", cell=cell,
                    text="社保卡昨天丢失，请问到哪里补办、需要带什么材料？", number=f"139{next(NUMBERS):08d}",
                    citizen="刘女士", address="文三路 20 号", language=("zh", "ug")[n % 2],
                ),
            )  # fmt: skip
        with store.work() as work:
            reply_case(
                work,
                ReplyCase(by=who, case=CaseId(case.id), text="请带身份证到社区服务中心二楼补办，当场可取。"),
            )
    store.clock = lambda: now
    for n in range(tried):
        with store.work() as work:
            visit = take_visit(work, TakeVisit(by=who))
        if n % 2:
            with store.work() as work:
                record_try(
                    work, RecordTry(by=who, visit=visit.id, result="wrong-number", text="对方称打错了")
                )
    store.close()


def name_of(office: Office, login: str) -> str:
    """What somebody is called on pages."""
    store = Store(Settings(var=office.var).database_url)
    with store.read() as session:
        name = session.scalars(select(User.name).where(User.login == login)).one()
    store.close()
    return name
