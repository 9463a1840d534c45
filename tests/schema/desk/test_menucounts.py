"""Who went how through the voice menus, counted by menu."""

from datetime import timedelta

from schema.desk.menucounts import counted, menu_counts
from schema.facts import CallEnded, MenusWalked
from schema.store import Store
from tests.schema.desk.test_calls import NOON, Teller


def test_each_menu_counts_its_keys_and_who_left() -> None:
    found = counted(
        [
            ("language:2 main:1", "", 3),
            ("language:silent", "main", 2),
            ("", "language", 1),
            ("cut lang:", "", 9),
        ]
    )
    assert (found["language"].keys, found["language"].left) == ({"2": 3, "silent": 2}, 1)
    assert (found["main"].keys, found["main"].left, found["main"].heard) == ({"1": 3}, 2, 5)
    assert set(found) == {"language", "main"}


def test_a_walk_is_written_once_and_counted_for_as_long_as_asked(store: Store) -> None:
    call = Teller(store)
    call.enters()
    for _ in range(2):
        call.tell(MenusWalked, path="language:1", left="main")
    call.tell(CallEnded, stage="ivr", outcome="abandoned")
    with store.read() as session:
        found = menu_counts(session, NOON - timedelta(days=1))
        assert (found["language"].keys["1"], found["main"].left) == (1, 1)
        assert menu_counts(session, NOON + timedelta(days=1)) == {}
