from cti import net, notes
from tests.cti.play import LI, Caller, Play


def test_every_open_seat_is_in_the_net_paused_as_the_agent_wants(play: Play) -> None:
    play.seat("101")
    play.seat("102", LI, ready=False)
    play.hangs_up(play.brought(Caller(), "talking"))
    assert play.floor.seats["101"].state == "wrapup"
    assert net.wanted(play.floor.seats.values(), "hotline") == {"101": False, "102": True}
    play.note(notes.seat_closed("101"))
    assert net.wanted(play.floor.seats.values(), "hotline") == {"102": True}


def test_members_are_read_from_the_queues_status() -> None:
    rows = [
        {"Event": "QueueParams", "Queue": "hotline"},
        {"Event": "QueueMember", "Location": "PJSIP/seat101", "Paused": "1"},
        {"Event": "QueueMember", "Location": "PJSIP/seat102", "Paused": "0"},
        {"Event": "QueueMember", "Location": "Local/other", "Paused": "0"},
        {"Event": "QueueEntry", "Channel": "x"},
    ]
    assert net.found(rows) == {"101": True, "102": False}


def test_the_net_is_mended() -> None:
    actions = net.mend(
        "hotline",
        {"101": False, "102": True, "103": True},
        {"102": False, "103": True, "104": True},
        {"101": "Wang"},
    )
    assert [(a["Action"], a["Interface"], a.get("Paused")) for a in actions] == [
        ("QueueRemove", "PJSIP/seat104", None),
        ("QueueAdd", "PJSIP/seat101", "false"),
        ("QueuePause", "PJSIP/seat102", "true"),
    ]
    assert actions[1]["MemberName"] == "Wang"


def test_a_net_that_is_right_is_left_alone() -> None:
    assert net.mend("hotline", {"101": False}, {"101": False}, {}) == []


def test_a_seat_is_in_the_nets_that_it_serves(play: Play) -> None:
    play.seat("101")
    play.seat("102", LI)
    play.note(notes.seat_skilled("102", "", "", "water tax"))
    wanted = {queue: net.wanted(play.floor.seats.values(), queue) for queue in ("hotline", "water")}
    assert wanted == {"hotline": {"101": False}, "water": {"101": False, "102": False}}
