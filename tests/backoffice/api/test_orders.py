"""Orders: what became of one, told to who gave it."""

from schema.desk import orders
from schema.ids import as_id, uuid7
from schema.orders import Hold
from tests.backoffice.api.conftest import CALL, Program, program, said
from tests.backoffice.api.databases import both  # noqa: F401  (both databases)

HOLD = f"/calls/{CALL}/hold/start"


def test_an_order_is_followed_to_its_end(crm: Program) -> None:
    id = crm.post(HOLD).json["id"]
    (order,) = said(crm.town.store)
    assert isinstance(order, Hold)
    for state, reason in (("sent", ""), ("failed", "the citizen is gone")):
        with crm.town.store.work() as work:
            orders.begin(work, order)
            orders.progress(work, as_id(id), state, reason)
        told = crm.get(f"/orders/{id}").json
        assert (told["state"], told["reason"], told["agent"], told["call"]) == (state, reason, "101", CALL)


def test_another_token_of_the_same_user_sees_it_and_another_users_does_not(crm: Program) -> None:
    id = crm.post(HOLD).json["id"]
    assert program(crm.town, "supervisor", "board.see").get(f"/orders/{id}").json["id"] == id
    assert program(crm.town, "agent").get(f"/orders/{id}").status_code == 404


def test_what_was_not_given_here_is_not_there(crm: Program) -> None:
    with crm.town.store.work() as work:
        work.emit(page := Hold(seat="102", by=crm.town.users["supervisor"].id))
    assert crm.get(f"/orders/{page.order}").status_code == crm.get(f"/orders/{uuid7()}").status_code == 404
    assert crm.get("/orders/x").json["errors"][0]["field"] == "path.order"
