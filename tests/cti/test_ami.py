import lzma
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.ami import MOST_BYTES, Fields, Splitter, TooLong, fields, message

TAPE = Path(__file__).parents[1] / "tapes" / "queue.ami.xz"
STREAM = "Asterisk Call Manager/11.0.0\r\nEvent: A\r\nName: 王小明\r\n\r\nEvent: B\r\nX: é𝄞\r\n\r\n".encode()
WHOLE = ["Event: A\r\nName: 王小明".encode(), "Event: B\r\nX: é𝄞".encode()]


@pytest.mark.parametrize("at", range(len(STREAM) + 1))
def test_a_stream_may_be_split_at_every_byte(at: int) -> None:
    splitter = Splitter()
    assert splitter.feed(STREAM[:at]) + splitter.feed(STREAM[at:]) == WHOLE
    assert splitter.banner == b"Asterisk Call Manager/11.0.0"


def test_a_stream_may_come_byte_by_byte() -> None:
    splitter = Splitter()
    assert [m for i in range(len(STREAM)) for m in splitter.feed(STREAM[i : i + 1])] == WHOLE


@given(st.data())
def test_a_real_tape_reads_the_same_in_any_pieces(data: st.DataObject) -> None:
    stream = lzma.decompress(TAPE.read_bytes())[:60_000]
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=40)))
    splitter = Splitter()
    pieces = zip([0, *cuts], [*cuts, len(stream)], strict=True)
    assert [m for a, b in pieces for m in splitter.feed(stream[a:b])] == Splitter().feed(stream)


def test_a_real_tape_has_only_whole_events() -> None:
    messages = Splitter().feed(lzma.decompress(TAPE.read_bytes()))
    assert len(messages) == 2000
    events = [m for m in messages if m.startswith(b"Event:")]
    assert len(events) == 1999  # the first is the answer to the log-in
    hangups = [found for m in events if (found := fields(m))["Event"] == "Hangup"]
    assert hangups and all(h["Uniqueid"] and h["Cause"].isdigit() for h in hangups)


def test_a_message_without_an_end_is_not_kept_for_ever() -> None:
    splitter = Splitter()
    splitter.feed(b"Asterisk\r\n")
    with pytest.raises(TooLong):
        for _ in range(20):
            splitter.feed(b"x" * (MOST_BYTES // 16))


def test_a_greeting_without_an_end_is_not_kept_for_ever() -> None:
    with pytest.raises(TooLong):
        Splitter().feed(b"x" * (MOST_BYTES + 1))


def test_fields_of_a_channel_variable_are_told_apart() -> None:
    found = fields(
        b"Event: X\r\nChanVariable: A=1\r\nChanVariable: B=x=y\r\nDestChanVariable: A=2\r\nnonsense"
    )
    assert found == {
        "Event": "X",
        "ChanVariable(A)": "1",
        "ChanVariable(B)": "x=y",
        "DestChanVariable(A)": "2",
    }


def test_what_a_caller_puts_behind_a_field_does_not_replace_it() -> None:
    assert fields(b"Event: UserEvent\r\nCall: 1\r\nCall: 2")["Call"] == "1"


def test_bytes_that_are_no_text_are_still_read() -> None:
    assert fields(b"Event: X\r\nName: \xff\xfe")["Name"] == "\ufffd\ufffd"


def test_fields_that_are_looked_for_are_those_that_are_read() -> None:
    for raw in Splitter().feed(lzma.decompress(TAPE.read_bytes())):
        sought, read = Fields(raw), fields(raw)
        assert {name: sought[name] for name in read} == read == dict(sought)
        assert all(name in sought and sought.get(name) == value for name, value in read.items())
        assert "Nothing" not in sought and sought.get("Nothing", "?") == "?" and len(sought) == len(read)


@given(st.binary(max_size=80), st.sampled_from(["Event", "Call", "Call: 1", ""]))
def test_whatever_comes_a_field_is_looked_for_as_it_is_read(rest: bytes, name: str) -> None:
    raw = b"Event: UserEvent\r\nCall: 1\r\nChanVariable: A=1\r\nCall: 2\r\nEmpty:\r\n" + rest
    assert Fields(raw).get(name) == fields(raw).get(name)
    assert Fields(raw)["ChanVariable(A)"] == "1" and Fields(raw)["Empty"] == ""


@given(
    st.dictionaries(
        st.sampled_from(["Event", "Seat", "Reason"]), st.text(st.characters(exclude_categories=["C", "Z"]))
    )
)
def test_a_note_reads_back(named: dict[str, str]) -> None:
    assert fields(message(named)) == named


@pytest.mark.parametrize("bad", ["a\r\nAction: Hangup", "a\nb", "a\0"])
def test_a_note_with_a_line_break_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        message({"Event": "Note", "Reason": bad})
