"""When tasks are sent, and sent again."""

from field_gateway.errands import Errands
from schema.ids import uuid7

ONE, TWO = uuid7(), uuid7()


def test_a_task_is_sent_at_once_and_then_after_growing_pauses() -> None:
    errands = Errands(first=5, longest=300)
    errands.want("a", [ONE], now=0)
    sent_at = [now for now in range(2000) if errands.take_due(now)]
    assert sent_at == [0, 5, 15, 35, 75, 155, 315, 615, 915, 1215, 1515, 1815]


def test_a_sending_is_moot_about_when_the_next_comes() -> None:
    errands = Errands(first=5, longest=300)
    errands.want("a", [ONE], now=0)
    lives = [life for now in range(2000) for _, _, life in errands.take_due(now)]
    assert lives[0] == 60 and lives[-1] == 600


def test_wanting_again_changes_nothing_unless_afresh() -> None:
    errands = Errands(first=5)
    errands.want("a", [ONE], now=0)
    assert len(errands.take_due(0)) == 1
    errands.want("a", [ONE], now=1)
    assert errands.take_due(1) == []
    errands.want("a", [ONE], now=1, afresh=True)
    assert [(device, task) for device, task, _ in errands.take_due(1)] == [("a", ONE)]


def test_what_is_no_longer_wanted_is_called_off_for_that_device_only() -> None:
    errands = Errands()
    errands.want("a", [ONE, TWO], now=0)
    errands.want("b", [ONE], now=0)
    errands.want("a", [TWO], now=0)
    assert {(device, task) for device, task, _ in errands.take_due(0)} == {("a", TWO), ("b", ONE)}
    assert errands.devices() == {"a", "b"}
    errands.want("b", [], now=0)
    assert errands.devices() == {"a"} and len(errands) == 1
