"""The pulse: a word goes round in silence, and a connection that hands nothing over is given up, no other."""

from conf.settings import Settings
from field_gateway.pulse import EVERY, PATIENCE, Pulse


class Felt:
    """A pulse, its clock, and what it did."""

    def __init__(self) -> None:
        self.now, self.did, self.can_tell = 0.0, [], True
        self.pulse = Pulse(
            lambda: self.did.append("word"), lambda: self.did.append("renew"), lambda: self.can_tell,
            monotonic=lambda: self.now,
        )  # fmt: skip

    did: list[str]

    def passes(self, seconds: float, *, heard: bool = False) -> list[str]:
        """What is done as the seconds go by, looked at in each of them."""
        before = len(self.did)
        for _ in range(int(seconds)):
            self.now += 1
            if heard:
                self.pulse.heard()
            self.pulse.beat()
        return self.did[before:]


def test_while_messages_come_nothing_is_said() -> None:
    assert Felt().passes(100, heard=True) == []


def test_in_silence_a_word_goes_round_again_and_again() -> None:
    felt = Felt()
    for _ in range(3):
        assert felt.passes(EVERY) == ["word"]
        felt.pulse.heard()


def test_a_word_that_does_not_come_back_costs_the_connection_once_and_is_tried_anew() -> None:
    felt = Felt()
    assert felt.passes(EVERY + PATIENCE) == ["word", "renew"]
    assert felt.passes(EVERY + PATIENCE) == ["word", "renew"]


def test_anything_that_comes_is_as_good_as_the_word() -> None:
    felt = Felt()
    assert felt.passes(EVERY + PATIENCE - 1) == ["word"]
    felt.pulse.heard()
    assert felt.passes(EVERY - 1) == []


def test_with_work_waiting_or_no_connection_nothing_is_held_against_the_broker() -> None:
    felt = Felt()
    felt.passes(EVERY)
    felt.can_tell = False
    assert felt.passes(10 * PATIENCE) == []
    felt.can_tell = True
    assert felt.passes(EVERY - 1) == [] and felt.passes(1) == ["word"]


def test_the_word_is_nobodys_device(site: Settings) -> None:
    from schema.desk.handsets import RESERVED

    assert site.broker.user in RESERVED
