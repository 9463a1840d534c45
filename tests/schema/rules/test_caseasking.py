"""Asking about a case by its number, as plays: nothing is told before it is proved, and nobody can try for ever."""

from hypothesis import given
from hypothesis import strategies as st

from schema.rules.caseasking import TRIES, WRONG, Action, Asking, End, LookUp, Prove, Tell, Text
from schema.rules.menus import Play, Wait


def played(*events: str, texts: bool = False) -> list[Action]:
    """Every action on the way of somebody who listens to the end."""
    asking, action = Asking.begin(5, texts=texts)
    seen: list[Action] = [action]
    for event in events:
        while isinstance(action, Play):
            asking, action = asking.heard("done")
            seen.append(action)
        asking, action = asking.heard(event)
        seen.append(action)
    while isinstance(action, Play):
        asking, action = asking.heard("done")
        seen.append(action)
    return seen


def names(seen: list[Action]) -> list[str]:
    return [one.prompt.name for one in seen if isinstance(one, Play)]


NUMBER = (*"20261124", *"0001", "#")


def test_a_number_is_keyed_in_and_proved_and_then_told() -> None:
    seen = played(*NUMBER, "found", *"5678", "right", "done")
    assert LookUp("202611240001") in seen and Prove("5678") in seen
    assert names(seen) == ["case-ask", "case-check"]
    assert seen[-2:] == [Tell(), End("told")]


def test_a_text_message_is_offered_only_where_it_can_be_sent() -> None:
    seen = played(*NUMBER, "found", *"5678", "right", "done", "1", "sent", texts=True)
    assert names(seen)[-2:] == ["case-text-offer", "case-text-coming"] and Text() in seen
    assert seen[-1] == End("told")
    assert names(played(*NUMBER, "found", *"5678", "right", "done", "2", texts=True))[-1] == "case-text-offer"
    seen = played(*NUMBER, "found", *"5678", "right", "done", "1", "cannot", texts=True)
    assert names(seen)[-1] == "case-text-cannot"


def test_what_is_not_whole_or_not_there_is_said_and_may_be_tried_three_times() -> None:
    seen = played(*"12#", "short", *NUMBER, "unknown", *NUMBER, "unknown")
    assert names(seen) == [
        "case-ask", "case-short", "case-ask", "case-unknown", "case-ask", "case-unknown", "case-agent",
    ]  # fmt: skip
    assert seen[-1] == End("unknown") and sum(isinstance(one, LookUp) for one in seen) == TRIES


def test_three_wrong_answers_end_it() -> None:
    seen = played(*NUMBER, "found", *"1111", "wrong", *"2222", "wrong", *"3333", "wrong")
    assert names(seen)[1:] == [*["case-check", "case-wrong"] * 3, "case-agent"]
    assert seen[-1] == End("wrong") and sum(isinstance(one, Prove) for one in seen) == WRONG


def test_the_star_begins_anew_and_silence_ends_a_number() -> None:
    seen = played(*"999", "*", *"2026112400", "silence")
    assert LookUp("2026112400") in seen and names(seen) == ["case-ask", "case-ask"]


def test_a_key_stops_what_is_being_said_and_counts() -> None:
    asking, action = Asking.begin(5)
    assert isinstance(action, Play)
    asking, action = asking.heard("7")
    assert action == Wait(5) and asking.heard("#")[1] == LookUp("7")


def test_who_keys_in_nothing_is_sent_back_and_an_answer_of_three_digits_is_none() -> None:
    assert played("silence", "silence", "silence")[-1] == End("silent")
    assert "case-four" in names(played(*NUMBER, "found", *"567#"))


def test_what_is_told_to_nobody_by_voice_is_an_agents() -> None:
    for answer, said in (("agent", "case-agent"), ("limited", "case-limited"), ("away", "status-away")):
        seen = played(*NUMBER, answer)
        assert names(seen)[-1] == said and seen[-1] == End(answer)


@given(st.lists(st.sampled_from([*"0123456789*#", "silence"]), max_size=200), st.booleans(), st.booleans())
def test_nothing_is_told_unproved_and_every_way_ends(keys: list[str], texts: bool, right: bool) -> None:
    asking, action = Asking.begin(5, texts=texts)
    left, proved = [*keys, *["silence"] * 100], False
    looks = proofs = 0
    while not isinstance(action, End):
        if isinstance(action, Play):
            event = "done"
        elif isinstance(action, Wait):
            event = left.pop(0)
        elif isinstance(action, LookUp):
            looks += 1
            event = "found" if looks % 2 else "unknown"
        elif isinstance(action, Prove):
            proofs += 1
            assert len(action.digits) == 4
            proved = right
            event = "right" if right else "wrong"
        else:
            assert proved
            event = "sent" if isinstance(action, Text) else "done"
        asking, action = asking.heard(event)
    assert looks <= TRIES and proofs <= WRONG and (action.how != "told" or proved)
