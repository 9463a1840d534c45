"""The demo city's components 城市部件: lamps, covers and hydrants in every grid cell, as a register with places."""

from uuid import NAMESPACE_URL, UUID, uuid5

from demo.streets import plots
from schema.desk.registers import import_register, make_register
from schema.orders import ImportRegister, MakeRegister
from schema.store import UnitOfWork

NAME = "components"
KINDS = (
    ("0101", "雨水井盖", "市政设施管理处", 0.0012, 0.0010),
    ("0102", "路灯", "市政设施管理处", 0.0030, 0.0031),
    ("0103", "消火栓", "市政设施管理处", 0.0045, 0.0016),
)
"""Class (GB/T 30428: two digits, two digits), name, owner, and how far east and north of a cell's corner it stands."""


def sheet(district: str) -> str:
    """All of them as CSV; a component's code is district, class and a count of six digits."""
    lines = ["编号,名称,类别,养护单位,所在网格,经度,纬度"]
    for n, plot in enumerate(plots(district), 1):
        lon, lat = plot.ring[0]
        lines += [
            f"{district}{code}{n:06d},{name},{code},{owner},{plot.name},{lon + east:.6f},{lat + north:.6f}"
            for code, name, owner, east, north in KINDS
        ]
    return "\n".join(lines) + "\n"


def lay_out_things(work: UnitOfWork, district: str) -> None:
    """Put them into a register; a register that is there stays as it is."""
    make_register(
        work, MakeRegister(order=_order("make"), name=NAME, zh="城市部件", en="Components", ug="شەھەر زاپچاسلىرى")
    )  # fmt: skip
    import_register(
        work, ImportRegister(order=_order("fill"), register=NAME, version=0, way="replace", text=sheet(district))
    )  # fmt: skip


def _order(what: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"gridline-demo/things/{what}")
