"""Facts about what happens inside a call: legs that come and go, hold, consultation, transfer, and who listens in."""

from schema.facts.calls import CallFact


class LegRang(CallFact, frozen=True, kw_only=True):
    """A further leg of the call began to ring, neither the citizen's nor offered to a seat out of a queue.

    `kind`: "citizen" (of a call an agent places), "seat" (consulted, or placing the call), "party" (a telephone
    outside: an expert, another office) or "watcher" (a supervisor's, or of who speaks a prompt). `why`: out, consult,
    transfer, watch, internal or prompt.
    `by` is the seat that asked for it; `number` the telephone that rings ("" for a seat).
    """

    leg: str
    channel: str = ""
    kind: str
    why: str
    seat: str = ""
    by: str = ""
    number: str = ""


class LegAnswered(CallFact, frozen=True, kw_only=True):
    """A leg that `LegRang` answered."""

    leg: str
    kind: str
    why: str
    seat: str = ""
    by: str = ""


class LegFailed(CallFact, frozen=True, kw_only=True):
    """A leg that `LegRang` was not answered: no answer, busy, unreachable, or caller gone."""

    leg: str
    kind: str
    why: str
    reason: str
    seat: str = ""
    by: str = ""


class LegJoined(CallFact, frozen=True, kw_only=True):
    """A leg entered a bridge: from now on it hears whoever is in it. `bridge` is the PBX's id of it."""

    leg: str
    bridge: str
    kind: str
    seat: str = ""


class LegLeft(CallFact, frozen=True, kw_only=True):
    """A leg left a bridge."""

    leg: str
    bridge: str
    kind: str
    seat: str = ""


class LegHeld(CallFact, frozen=True, kw_only=True):
    """A leg was put on hold and hears music. It is over when the leg joins a bridge, is sent elsewhere, or ends."""

    leg: str
    kind: str
    seat: str = ""
    by: str = ""


class CallTransferred(CallFact, frozen=True, kw_only=True):
    """The citizen was sent from a seat to `target` ("seat:102", "queue:water", "number:+86…").

    `how`: blind, consulted, forced (by a supervisor), taken (a supervisor took over), recovered (the agent's browser
    came back), rescued (it did not).
    """

    seat: str
    target: str
    how: str


class WatchStarted(CallFact, frozen=True, kw_only=True):
    """A supervisor's leg hears seat `seat`'s call. `mode`: listen, whisper or barge; `watcher` is their seat."""

    seat: str
    watcher: str
    mode: str
    leg: str


class WatchEnded(CallFact, frozen=True, kw_only=True):
    """The supervisor hears the call no more."""

    seat: str
    watcher: str
    mode: str
    leg: str


class PromptDictated(CallFact, frozen=True, kw_only=True):
    """Whoever was rung to speak a prompt is done; the file is closed. The call's id is that of the order.

    `how`: key, hangup, time (the longest was reached) or nothing.
    """

    seat: str
    leg: str
    how: str
