"""What a call came to: by its cause, and by how the ringing ended where the cause says nothing."""

import pytest

from schema.rules.outcomes import ANSWERED, CAUSES, MUTE, OUTCOMES, outcome_of, reason_of

# What chan_pjsip makes of SIP answers (hangup causes of Asterisk 22), and what each means to who called.
SIP = {
    404: (1, "wrong-number"), 604: (1, "wrong-number"), 410: (22, "wrong-number"), 484: (28, "wrong-number"),
    486: (17, "busy"), 600: (17, "busy"), 480: (19, "no-answer"), 408: (18, "no-answer"), 403: (21, "refused"),
    603: (21, "refused"), 500: (38, "failed"), 502: (27, "failed"), 503: (34, "failed"), 488: (58, "failed"),
}  # fmt: skip


@pytest.mark.parametrize(("cause", "outcome"), SIP.values(), ids=SIP)
def test_what_the_called_network_answers_is_told_apart(cause: int, outcome: str) -> None:
    assert outcome_of(cause) == outcome
    assert outcome_of(cause, "unreachable") == outcome, "the cause says more than the PBX's word for it"
    assert outcome_of(cause, answered=True) == ANSWERED


def test_a_cause_that_says_nothing_leaves_it_to_how_the_ringing_ended() -> None:
    for cause in MUTE:
        assert outcome_of(cause, "no answer") == outcome_of(cause, "caller gone") == "no-answer"
        assert (outcome_of(cause, "busy"), outcome_of(cause, "unreachable")) == ("busy", "failed")
    assert (outcome_of(16), outcome_of(0), outcome_of(999)) == ("no-answer", "failed", "failed")


def test_every_cause_has_an_outcome_and_words_for_an_order_that_failed() -> None:
    assert {outcome for outcome, _ in CAUSES.values()} == set(OUTCOMES) - {ANSWERED}
    assert not MUTE & set(CAUSES)
    assert (reason_of(17), reason_of(99)) == ("busy", "not reached (cause 99)")
