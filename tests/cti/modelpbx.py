"""A small model of the PBX: channels, bridges, and our dialplan, which tells of itself in AMI events of the real shape.

It takes the same actions as the mouth (`action`), and people do things at their telephones (`calls`, `answers`,
`declines`, `hangs_up`). Every event goes out at once by `emit`, in the order that the real one has. It knows the truth:
`rows` is what a look would show, `talked` and `held` how long each leg heard somebody, or music.
"""

from typing import Any

from cti.link import Action, ActionFailed, Answer
from schema.ids import uuid7
from tests.cti.modelchannel import Channel, Teller

WAIT, ALONE = ("gridline-wait", "back"), ("gridline-alone", "s")
DIALS = ("gridline-dial", "gridline-transfer-seat", "gridline-transfer-number", "gridline-consult-seat",
         "gridline-consult-number", "gridline-out-number", "gridline-out-seat")  # fmt: skip
SEAT_EVENTS = ("gridline-dial", "gridline-transfer-seat")


class ModelPbx(Teller):
    """What people do, and what the mouth says, and what comes of both."""

    state = "up"

    # -- people ----------------------------------------------------------------------------------------------

    def calls(self, number: str, queue: str = "hotline") -> Channel:
        """A citizen dials, and waits."""
        contact = str(uuid7())
        named = {"GRIDLINE_CONTACT": contact, "GRIDLINE_CALL": contact, "GRIDLINE_QUEUE": queue}
        channel = self._make(f"PJSIP/carrier-{self._made:08x}", number, named, up=True)
        self._tell(
            channel, "Entered", Number=number, Dialled="12345", Direction="in", Purpose="hotline", Case=""
        )
        self._go(channel, ("gridline-wait", "s"))
        return channel

    def answers(self, channel: Channel) -> None:
        """Whoever rings takes it."""
        channel.up, dialer = True, channel.dialer
        if dialer is None:
            self._event("DialEnd", dest=channel, DialStatus="ANSWER")
            assert channel.place is not None
            self._go(channel, channel.place)
            return
        dialer.ringing, channel.app = None, "AppDial"
        if dialer.context in SEAT_EVENTS:
            self._tell(channel, "Answered", Seat=channel.seat)
        if not dialer.context.startswith("gridline-out"):
            self._record(channel, channel.seat or "party")
        self._event("DialEnd", dialer, channel, DialStatus="ANSWER")
        self._join(channel, dialer)

    def declines(self, channel: Channel, status: str = "BUSY") -> None:
        """Whoever rings does not."""
        dialer = channel.dialer
        self._event("DialEnd", dialer, channel, DialStatus=status)
        if dialer is not None:
            dialer.ringing = None
        self._end(channel, 17)
        if dialer is not None:
            self._dialled(dialer, channel, status)

    def hangs_up(self, channel: Channel) -> None:
        """The telephone is put down."""
        self._event("HangupRequest", channel)
        self._leave([channel], ends=True)

    def looks(self) -> None:
        """Those on hold look whether whom they wait for is still there."""
        for one in [one for one in self.channels.values() if one.context == "gridline-hold"]:
            if one.variables.get("GRIDLINE_PEER") not in self.channels and one.uniqueid in self.channels:
                if one.exten == "citizen":
                    self._go(one, ("gridline-rescue", "s"))
                else:
                    self._end(one)

    # -- actions ---------------------------------------------------------------------------------------------

    async def action(self, action: Action, timeout: float = 5.0) -> Answer:
        """What the mouth says. Raises ActionFailed."""
        said: dict[str, Any] = dict(action)
        getattr(self, f"_do_{str(said['Action']).lower()}")(said)
        return Answer({"Response": "Success"})

    def _do_redirect(self, said: dict[str, Any]) -> None:
        going = [(self._known(said["Channel"]), (said["Context"], said["Exten"]))]
        if "ExtraChannel" in said:
            going.append((self._known(said["ExtraChannel"]), (said["ExtraContext"], said["ExtraExten"])))
        self._leave([channel for channel, _ in going])
        for channel, place in going:
            if channel.uniqueid in self.channels:
                self._go(channel, place)

    def _do_setvar(self, said: dict[str, Any]) -> None:
        self._known(said["Channel"]).variables[said["Variable"].lstrip("_")] = said["Value"]

    def _do_hangup(self, said: dict[str, Any]) -> None:
        self._leave([self._known(said["Channel"])], ends=True)

    def _do_playdtmf(self, said: dict[str, Any]) -> None:
        self._known(said["Channel"])

    def _do_mixmonitormute(self, said: dict[str, Any]) -> None:
        self._event(
            "MixMonitorMute",
            self._known(said["Channel"]),
            None,
            Direction=said["Direction"],
            State=said["State"],
        )

    def _do_originate(self, said: dict[str, Any]) -> None:
        pairs = (line.partition("=") for line in said["Variable"] if not line.startswith("PJSIP_HEADER"))
        named = {name.lstrip("_"): value for name, _, value in pairs}
        if said["ChannelId"] in self.channels:
            raise ActionFailed("Originate failed")
        tech = said["Channel"].removeprefix("PJSIP/")
        kind, _, trunk = tech.partition("@")
        channel = self._make(
            f"PJSIP/{trunk or kind}-{self._made:08x}", kind.removeprefix("seat"), named, said["ChannelId"]
        )
        channel.place = (said["Context"], said["Exten"])
        self._event("DialBegin", dest=channel, DialString=tech)
        if channel.seat:
            self.answers(channel)

    def rows(self) -> list[dict[str, str]]:
        """What a look at the channels shows."""
        oldest: dict[str, str] = {}
        for one in self.channels.values():
            oldest[one.call] = min(oldest.get(one.call, one.uniqueid), one.uniqueid)
        return [one.row(oldest[one.call]) for one in self.channels.values()]

    # -- the dialplan ----------------------------------------------------------------------------------------

    def _go(self, one: Channel, place: tuple[str, str]) -> None:
        one.context, one.exten = place
        context, exten = place
        if context == "gridline-wait":
            returning = str(int(exten == "back"))
            one.variables.pop("GRIDLINE_AUTOANSWER", None)
            self._tell(
                one, "Queued", Queue=one.queue, Spoken="zh", Level="0", Returning=returning,
                Number=one.number,
            )  # fmt: skip
        elif context == "gridline-hold":
            self._tell(one, "Held", By=one.variables.get("GRIDLINE_BY", ""))
        elif context == "gridline-alone":
            if exten == "recorded":
                self._record(one, one.seat or "party")
        elif context == "gridline-join":
            peer = self.channels.get(one.variables.get("GRIDLINE_PEER", ""))
            if peer is not None and peer.up:
                self._leave([peer])
                if peer.uniqueid in self.channels:
                    self._join(peer, one)
            elif exten == "citizen":
                self._go(one, WAIT)
            else:
                self._end(one)
        elif context == "gridline-room":
            self._enter(one, f"room-{one.call}")
        elif context == "gridline-prompt":
            pass  # it speaks until it hangs up
        elif context == "gridline-bye":
            self._end(one)
        elif context == "gridline-watch":
            self._tell(one, "Watching", Seat=one.variables["GRIDLINE_SEAT"], Watcher=one.seat, Mode=exten)
            if exten == "barge":
                self._enter(one, f"room-{one.call}")
        elif context == "gridline-rescue":
            self._transferred(one, f"queue:{one.queue}", "rescued")
            self._go(one, WAIT)
        elif context == "gridline-transfer-queue":
            one.variables["GRIDLINE_QUEUE"] = exten
            self._transferred(one, f"queue:{exten}", one.variables["GRIDLINE_HOW"])
            self._go(one, WAIT)
        else:
            assert context in DIALS, context
            self._dial(one, context, exten)

    def _dial(self, one: Channel, context: str, exten: str) -> None:
        if context == "gridline-dial":
            self._tell(one, "Offering", Seat=exten)
        elif context.startswith("gridline-transfer"):
            kind = context.rpartition("-")[2]
            self._transferred(one, f"{kind}:{exten}", one.variables["GRIDLINE_HOW"])
        elif context.startswith("gridline-out"):
            self._record(one, one.seat)
        seat = not context.endswith("number")
        name = f"PJSIP/seat{exten}" if seat else "PJSIP/carrier"
        inherited = {name: one.variables[name] for name in ("GRIDLINE_CONTACT", "GRIDLINE_CALL")}
        inherited |= {name: one.variables[name] for name in ("GRIDLINE_QUEUE",) if name in one.variables}
        rung = self._make(f"{name}-{self._made:08x}", exten, inherited)
        rung.dialer, one.ringing, rung.connected = one, rung, one.number
        rung.context = "from-seat" if seat else "from-carrier"
        self._event("DialBegin", one, rung, DialString=f"seat{exten}" if seat else f"{exten}@carrier")
        if seat and rung.auto:
            self.answers(rung)

    def _dialled(self, dialer: Channel, rung: Channel, status: str) -> None:
        """A dial came to nothing."""
        if dialer.context.startswith("gridline-consult"):
            self._go(dialer, ALONE)
        elif dialer.context.startswith("gridline-out"):
            self._end(dialer)
        else:
            if rung.seat:
                self._tell(
                    dialer, "OfferFailed", Seat=rung.seat, Status="NOANSWER" if status == "CANCEL" else status
                )
            self._go(dialer, WAIT)

    # -- bridges ---------------------------------------------------------------------------------------------

    def _join(self, first: Channel, second: Channel) -> None:
        bridge = f"b{self._made}-{first.uniqueid}"
        self._made += 1
        first.partner, second.partner = second, first
        self._enter(first, bridge)
        self._enter(second, bridge)

    def _enter(self, one: Channel, bridge: str) -> None:
        one.bridge = bridge
        one.app = "ConfBridge" if bridge.startswith("room-") else one.app.replace("ConfBridge", "")
        kind = "base" if bridge.startswith("room-") else "basic"
        self._event("BridgeEnter", one, None, BridgeUniqueid=bridge, BridgeType=kind)

    def _leave(self, going: list[Channel], ends: bool = False) -> None:
        """These leave what they do; those they talked or rang with alone are released, or go on by the dialplan."""
        left = [one.partner for one in going if one.partner is not None and one.partner not in going]
        bridges = {one.bridge for one in [*going, *left] if one.bridge}
        for one in [*going, *left]:
            bridge, one.bridge, one.partner = one.bridge, "", None
            if bridge:
                self._event("BridgeLeave", one, None, BridgeUniqueid=bridge)
        for bridge in sorted(bridges):
            self._emptied(bridge, going)
        for one in going:
            if one.ringing is not None:
                rung, one.ringing = one.ringing, None
                self._event("DialEnd", one, rung, DialStatus="CANCEL")
                self._end(rung)
            if ends:
                self._end(one)
        for one in left:
            if one.context.startswith("gridline-consult") and one.uniqueid in self.channels:
                self._go(one, ALONE)
            elif one.uniqueid in self.channels:
                self._end(one)

    def _emptied(self, bridge: str, going: list[Channel]) -> None:
        """A room without a seat is none: whoever is there is put out, or was about to be sent away with the seat."""
        if bridge.startswith("room-") and any(one.seat for one in going):
            there = [one for one in self.channels.values() if one.bridge == bridge]
            if not any(one.seat for one in there):
                self._leave(there, ends=True)
                for one in going:
                    if not one.seat:
                        self._end(one)

    def _end(self, one: Channel, cause: int = 16) -> None:
        if self.channels.get(one.uniqueid) is not one:
            return
        if one.dialer is not None and one.dialer.ringing is one:
            one.dialer.ringing, dialer = None, one.dialer
            self._event("DialEnd", dialer, one, DialStatus="CANCEL")
            del self.channels[one.uniqueid]
            self._event("Hangup", one, Cause=str(cause))
            self._dialled(dialer, one, "NOANSWER")
            return
        del self.channels[one.uniqueid]
        self._event("Hangup", one, Cause=str(cause))
