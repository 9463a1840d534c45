"""A recording of hours in moments: a minute of speech is encoded once, and its packets come again and again."""

import base64
import io
from datetime import datetime
from pathlib import Path
from uuid import UUID

import av

from conf.settings import Settings
from recordings.opus import MEDIA, POINTS, encode
from recordings.sealed import Sealing, new_key
from recordings.vault import about_of, place_of, sealer_of, shelf_of
from schema.desk import recordings as desk
from schema.ids import uuid7
from schema.recordings import SIDES
from schema.store import Store


def stretched(minute: Path, seconds: int) -> bytes:
    """The sound of a WAV file over and over, as Ogg Opus of so many seconds."""
    once, whole = io.BytesIO(), io.BytesIO()
    encode(minute, once, 16_000)
    with av.open(io.BytesIO(once.getvalue())) as source:
        packets = [packet for packet in source.demux(audio=0) if packet.size and packet.dts is not None]
        lasts = packets[-1].dts + packets[-1].duration - packets[0].dts
        with av.open(whole, "w", format="ogg") as ogg:
            stream = ogg.add_stream_from_template(source.streams.audio[0])
            rate = int(1 / packets[0].time_base)
            for turn in range(-(-seconds * rate // lasts)):
                for packet in packets:
                    again = av.Packet(bytes(packet))
                    again.time_base, again.stream = packet.time_base, stream
                    again.pts = again.dts = packet.dts + turn * lasts
                    again.duration = packet.duration
                    ogg.mux(again)
    return whole.getvalue()


def keep_long(settings: Settings, store: Store, minute: Path, seconds: int, at: datetime) -> UUID:
    """A kept recording of so many seconds, begun at a time; its id."""
    sound, sealer, shelf = stretched(minute, seconds), sealer_of(settings), shelf_of(settings)
    contact = uuid7()
    with store.work() as work:
        row = desk.begin(work, contact=contact, call=contact, node="pbx1", leg=str(uuid7()), seat="101",
                         name=f"long-{contact}", at=at)  # fmt: skip
    files = []
    for side in SIDES:
        key, about, path = new_key(), about_of(row.id, side), f"{place_of(row.id)}/{side}.sealed"
        with shelf.new(path) as out:
            sealing = Sealing(out, key, about)
            sealing.write(sound)
            sealing.close()
        wrapped = sealer.seal(base64.b64encode(key).decode(), about)
        peaks = bytes(40 + n * 37 % 90 for n in range(POINTS))
        files.append(desk.SideFile(side, path, MEDIA, sealing.size, sealing.sha256, wrapped, peaks))
    with store.work() as work:
        desk.keep(work, row.id, seconds=float(seconds), files=files, started_at=at)
    return row.id
