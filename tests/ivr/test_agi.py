"""FastAGI sessions against a scripted PBX: answers in order, hang-ups, garbage, stalls, and nothing injected."""

from collections.abc import Awaitable, Callable

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from ivr.agi import CommandFailed, Factory, HungUp, Session, UnsafeArgument
from tests.ivr.wire import Socket

HEAD = b"agi_network: yes\nagi_request: agi://127.0.0.1:4573/reception\nagi_channel: PJSIP/carrier-1\n\n"


class Pbx:
    """The other end of one session."""

    def __init__(self, script: Callable[[Session, str], Awaitable[None]]) -> None:
        self.clock = Clock()
        self.session = Factory(self.clock, script).buildProtocol(None)
        self.transport = Socket()
        self.session.makeConnection(self.transport)

    def says(self, data: bytes) -> None:
        self.session.dataReceived(data)

    def asked(self) -> list[str]:
        lines = self.transport.value().decode().splitlines()
        self.transport.clear()
        return lines


def test_a_script_runs_when_the_headers_are_in_and_its_answers_come_in_order() -> None:
    seen: list[object] = []

    async def script(line: Session, name: str) -> None:
        seen.append(name)
        seen.append(await line.play("/p/notice", "12"))
        seen.append(await line.wait_key(2.5))
        seen.append(await line.variable("X"))

    pbx = Pbx(script)
    for n in range(0, len(HEAD), 7):
        pbx.says(HEAD[n : n + 7])
    assert pbx.asked() == ['STREAM FILE "/p/notice" "12"']
    pbx.says(b"200 result=0 endpos=1000\n")
    assert pbx.asked() == ['WAIT FOR DIGIT "2500"']
    pbx.says(b"200 result=50\n")
    assert pbx.asked() == ['GET VARIABLE "X"']
    pbx.says(b"200 result=1 (zh)\n")
    assert seen == ["reception", "", "2", "zh"]
    assert pbx.transport.disconnecting


@pytest.mark.parametrize(
    "end", [b"200 result=-1 endpos=0\n", b"511 Command Not Permitted on a dead channel\n", None]
)
def test_a_hang_up_ends_the_script(end: bytes | None) -> None:
    ended: list[BaseException] = []

    async def script(line: Session, _name: str) -> None:
        try:
            await line.play("/p/notice")
        except HungUp as error:
            ended.append(error)
            raise

    pbx = Pbx(script)
    pbx.says(HEAD)
    if end is None:
        pbx.session.connectionLost()
    else:
        pbx.says(end)
    assert len(ended) == 1
    assert not pbx.clock.getDelayedCalls()


def test_a_command_after_a_hangup_notice_is_not_sent() -> None:
    async def script(line: Session, _name: str) -> None:
        await line.play("/p/a")
        await line.play("/p/b")

    pbx = Pbx(script)
    pbx.says(HEAD)
    pbx.asked()
    pbx.says(b"HANGUP\n200 result=0\n")
    assert pbx.asked() == []


def test_what_was_chosen_is_told_even_when_the_caller_hangs_up_at_once() -> None:
    async def script(line: Session, _name: str) -> None:
        await line.tell("RatingGiven", Score=await line.play("/p/a", "5"))
        await line.play("/p/thanks")

    pbx = Pbx(script)
    pbx.says(HEAD)
    pbx.says(b"HANGUP\n200 result=53 endpos=8\n200 result=1 (c1)\n")
    assert pbx.asked()[-1] == 'GET VARIABLE "GRIDLINE_CALL"'
    pbx.says(b"200 result=1 (k1)\n")
    assert pbx.asked() == ['EXEC "UserEvent" "Gridline,What: RatingGiven,Contact: c1,Call: k1,Score: 5"']
    pbx.says(b"200 result=0\n")
    assert pbx.asked() == [], "nothing is played to nobody"
    assert pbx.transport.disconnecting


def test_a_value_of_several_lines_shifts_no_answer() -> None:
    seen: list[str] = []

    async def script(line: Session, _name: str) -> None:
        seen.append(await line.variable("A"))
        seen.append(await line.variable("B"))

    pbx = Pbx(script)
    pbx.says(HEAD)
    pbx.says(b"200 result=1 (two\nlines)\n200 result=1 (b)\n")
    assert seen == ["", "b"]


def test_ending_the_factory_ends_its_sessions_and_none_is_remembered() -> None:
    async def script(line: Session, _name: str) -> None:
        await line.play("/p/a")

    factory = Factory(Clock(), script)
    lines = [factory.buildProtocol(None) for _ in range(2)]
    transports = [Socket() for _ in lines]
    for line, transport in zip(lines, transports, strict=True):
        line.makeConnection(transport)
        line.dataReceived(HEAD)
    lines[0].connectionLost()
    factory.close()
    assert (transports[0].disconnected, transports[1].disconnected) == (False, True)
    lines[1].connectionLost()
    assert factory.sessions == set()


def test_a_peer_that_says_nothing_is_dropped_after_a_bounded_wait() -> None:
    async def never(_line: Session, _name: str) -> None:
        raise AssertionError("no script may run")

    pbx = Pbx(never)
    pbx.clock.advance(5.1)
    assert pbx.transport.disconnected or pbx.transport.disconnecting


def test_a_pbx_that_stalls_is_dropped() -> None:
    async def script(line: Session, _name: str) -> None:
        await line.set_variables({"A": "b"})

    pbx = Pbx(script)
    pbx.says(HEAD)
    pbx.clock.advance(31)
    assert pbx.transport.disconnected or pbx.transport.disconnecting


def test_endless_headers_are_dropped() -> None:
    async def never(_line: Session, _name: str) -> None:
        raise AssertionError("no script may run")

    pbx = Pbx(never)
    pbx.says(b"".join(b"x%d: y\n" % n for n in range(200)))
    assert pbx.transport.disconnected or pbx.transport.disconnecting


def run(command: Callable[[Session], Awaitable[object]]) -> tuple[Pbx, list[object]]:
    seen: list[object] = []

    async def script(line: Session, _name: str) -> None:
        try:
            seen.append(await command(line))
        except (CommandFailed, UnsafeArgument) as error:
            seen.append(error)

    pbx = Pbx(script)
    pbx.says(HEAD)
    return pbx, seen


@pytest.mark.parametrize("text", ["a\nEXEC System rm", "a\rb", "a\0b"])
def test_no_line_can_be_injected(text: str) -> None:
    pbx, seen = run(lambda line: line.set_variables({"A": text}))
    assert isinstance(seen[0], UnsafeArgument)
    assert pbx.asked() == []


def test_quotes_and_backslashes_are_escaped() -> None:
    pbx, _ = run(lambda line: line.set_variables({"A": 'x" \\y'}))
    assert pbx.asked() == ['SET VARIABLE "A" "x\\" \\\\y"']


def test_several_variables_are_one_command() -> None:
    pbx, _ = run(lambda line: line.set_variables({"A": "x:1 y:2", "CHANNEL(language)": "ug", "B": ""}))
    assert pbx.asked() == ['EXEC "MSet" "A=x:1 y:2,CHANNEL(language)=ug,B="']


@pytest.mark.parametrize("value", ["1,B=2", '"x', "x\\", "${EXTEN}", "a=b"])
def test_a_value_that_could_be_read_as_more_is_set_by_itself(value: str) -> None:
    pbx, _ = run(lambda line: line.set_variables({"A": value, "B": "2"}))
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    assert pbx.asked() == [f'SET VARIABLE "A" "{quoted}"']
    pbx.says(b"200 result=1\n")
    assert pbx.asked() == ['SET VARIABLE "B" "2"']


def test_a_socket_that_takes_a_part_gets_the_rest_later() -> None:
    async def script(line: Session, _name: str) -> None:
        await line.play("/p/a")

    pbx = Pbx(script)
    pbx.transport.room = 5
    pbx.says(HEAD)
    assert pbx.asked() == ['STREAM FILE "/p/a" ""']


def test_one_wait_after_the_other_has_its_own_time() -> None:
    async def script(line: Session, _name: str) -> None:
        await line.wait_key(5)
        await line.wait_key(1)

    pbx = Pbx(script)
    pbx.says(HEAD)
    pbx.clock.advance(29)
    pbx.says(b"200 result=0\n")
    pbx.clock.advance(30.5)
    assert not pbx.transport.disconnecting
    pbx.clock.advance(1)
    assert pbx.transport.disconnected or pbx.transport.disconnecting


def test_an_error_answer_is_told_with_the_command() -> None:
    pbx, seen = run(lambda line: line.command("NONSENSE"))
    pbx.says(b"520-Invalid command syntax.  Proper usage follows:\n Usage: NONSENSE\n\tDoes nothing.\n")
    pbx.says(b"520 End of proper usage.\n")
    assert isinstance(seen[0], CommandFailed) and "NONSENSE" in str(seen[0])


def test_what_is_told_carries_contact_and_call_and_no_comma_can_add_a_field() -> None:
    pbx, _ = run(lambda line: line.tell("LanguageChosen", Language="en", Key="2"))
    for value in (b"c1", b"k1"):
        pbx.asked()
        pbx.says(b"200 result=1 (" + value + b")\n")
    assert pbx.asked() == [
        'EXEC "UserEvent" "Gridline,What: LanguageChosen,Contact: c1,Call: k1,Language: en,Key: 2"'
    ]
    pbx, seen = run(lambda line: line.tell("LanguageChosen", Language="en,Score: 1"))
    for value in (b"c1", b"k1"):
        pbx.says(b"200 result=1 (" + value + b")\n")
    assert isinstance(seen[0], UnsafeArgument)


def test_a_deferred_is_what_a_script_waits_on() -> None:
    waiting: Deferred[str] = Deferred()
    seen: list[str] = []

    async def script(_line: Session, _name: str) -> None:
        seen.append(await waiting)

    Pbx(script).says(HEAD)
    waiting.callback("later")
    assert seen == ["later"]


def test_the_ids_that_the_dialplan_gives_are_not_asked_for() -> None:
    async def script(line: Session, _name: str) -> None:
        await line.tell("NoticePlayed")

    pbx = Pbx(script)
    pbx.says(HEAD[:-1] + b"agi_arg_1: 01a2-contact\nagi_arg_2: 01a2-call\n\n")
    assert pbx.asked() == [
        'EXEC "UserEvent" "Gridline,What: NoticePlayed,Contact: 01a2-contact,Call: 01a2-call"'
    ]


def test_the_first_word_answers_the_call() -> None:
    async def script(line: Session, _name: str) -> None:
        await line.greet("/p/zh/notice")

    pbx = Pbx(script)
    pbx.says(HEAD)
    assert pbx.asked() == ['EXEC "Playback" "/p/zh/notice"']
    pbx.says(b"200 result=0\n")
    assert pbx.transport.disconnecting


@pytest.mark.parametrize(("said", "number"), [(b"13900000001", "13900000001"), (b"unknown", "")])
def test_the_callers_number_came_along_and_is_not_asked_for(said: bytes, number: str) -> None:
    seen: list[str] = []

    async def script(line: Session, _name: str) -> None:
        seen.append(await line.variable("CALLERID(num)"))

    pbx = Pbx(script)
    pbx.says(HEAD[:-1] + b"agi_callerid: " + said + b"\n\n")
    assert seen == [number] and pbx.asked() == []
