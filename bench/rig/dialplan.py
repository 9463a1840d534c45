"""The dialplan of a load bench: the product's own without voice and sound files, or a bare app_queue's.

Voice and recording cost the same whoever routes, so they are out of the way on both sides of a comparison.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from cti.endpoints import seat_objects

_AUDIO = re.compile(
    r"^ same => n,(AGI\(.*/reception,|Set\(RECORDING=|MixMonitor\(|.*What: Recording,).*\n", re.MULTILINE
)
BARE = """[general]
static = yes
writeprotect = yes

[from-carrier]
exten => {hotline},1,Answer()
 same => n,Queue({queue})
 same => n,Hangup()
"""


MENU = """[general]
static = yes
writeprotect = yes

[from-carrier]
exten => {hotline},1,Answer()
 same => n,Playback({prompts}/zh/notice)
 same => n,Goto(menu,s,1)

[menu]
exten => s,1,Set(TRIES=0)
 same => n(again),Background({prompts}/zh/{menu}&{prompts}/en/{menu}&{prompts}/ug/{menu})
 same => n,WaitExten(5)
 same => n,Set(TRIES=$[${{TRIES}}+1])
 same => n,GotoIf($[${{TRIES}}<3]?again)
 same => n,Hangup()
exten => _[0-3],1,Set(CHANNEL(language)=zh)
 same => n,Hangup()
exten => i,1,Playback({prompts}/zh/wrong-key)
 same => n,Goto(s,again)
"""


def bare_menu(etc: Path, hotline: str, prompts: Path, menu: str) -> None:
    """The notice and the menu of languages as somebody would write them for a PBX by itself."""
    (etc / "extensions.conf").write_text(MENU.format(hotline=hotline, prompts=prompts, menu=menu), "utf-8")


def without_audio(etc: Path) -> None:
    """Callers go straight to waiting, and nothing is written to sound files."""
    file = etc / "extensions.conf"
    text, lines = _AUDIO.subn("", file.read_text("utf-8"))
    if not lines:
        raise ValueError("the dialplan has no voice script and no recording to leave out: look at the bench")
    file.write_text(text, "utf-8")


def without_voice(etc: Path) -> None:
    """Callers go straight to waiting; whoever answers is recorded as ever."""
    file = etc / "extensions.conf"
    text, lines = re.subn(r"(?m)^ same => n,AGI\(.*/reception,.*\n", "", file.read_text("utf-8"))
    if not lines:
        raise ValueError("the dialplan has no voice script to leave out: look at the bench")
    file.write_text(text, "utf-8")


RECORDED = """[general]
static = yes
writeprotect = yes

[from-carrier]
exten => {hotline},1,Answer()
 same => n,Queue({queue},,,,,,record)
 same => n,Hangup()

[record]
exten => s,1,MixMonitor({spool}/${{UNIQUEID}}.wav,r({spool}/${{UNIQUEID}}.rx.wav)t({spool}/${{UNIQUEID}}.tx.wav))
 same => n,Return()
"""


def recorded_queue(etc: Path, hotline: str, queue: str, spool: Path) -> None:
    """A bare queue whose members are recorded from their answer on, as the product's seats are; after `bare_queue`."""
    (etc / "extensions.conf").write_text(RECORDED.format(hotline=hotline, queue=queue, spool=spool), "utf-8")


def bare_queue(etc: Path, hotline: str, queue: str, seats: Iterable[str], port: int, digest: str) -> None:
    """What the PBX does by itself: the same queue with all seats in it for good, and two lines of dialplan."""
    (etc / "extensions.conf").write_text(BARE.format(hotline=hotline, queue=queue), "utf-8")
    members = "".join(f"member => PJSIP/seat{seat}\n" for seat in seats)
    with (etc / "queues.conf").open("r+", encoding="utf-8") as file:
        own = "".join(line for line in file if "membergosub" not in line and "persistentmembers" not in line)
        file.seek(0)
        file.truncate()
        file.write(own + members)
    with (etc / "pjsip.conf").open("a", encoding="utf-8") as file:
        for seat in seats:
            for kind, values in seat_objects(seat, digest, f"Seat {seat}", webrtc=False).items():
                if kind == "aor":
                    values = values | {"contact": contact(seat, port)}
                lines = "".join(f"{name} = {value}\n" for name, value in values.items())
                file.write(f"\n[seat{seat}]\ntype = {kind}\n{lines}")


def as_it_comes(etc: Path) -> None:
    """What we set otherwise than Asterisk does by itself is as Asterisk has it: call records (CDR) and no event log
    (CEL), nothing of ours on the manager's events, its own threads. Modules that nobody uses stay out."""
    (etc / "stasis.conf").write_text("", "utf-8")
    for name, ours, own in (
        ("cel", r"(?m)^enable = yes$", "enable = no"),
        ("cdr", r"(?m)^enable = no$", "enable = yes"),
        ("manager", r"(?m)^(channelvars|disabledevents) = .*\n", ""),
        ("modules", r"(?m)^load = cel_custom\.so$", "load = cdr_csv.so"),
    ):
        file = etc / f"{name}.conf"
        text, found = re.subn(ours, own, file.read_text("utf-8"))
        if not found:
            raise ValueError(f"{name}.conf has nothing of ours: look at the bench")
        file.write_text(text, "utf-8")


def contact(seat: str, port: int) -> str:
    """Where a seat's telephone is: all are one sipp."""
    return f"sip:seat{seat}@127.0.0.1:{port}"
