"""Two edits of the same version that come at once: one is the next version, the other a conflict."""

import threading
from pathlib import Path

from schema.handsets import Report
from schema.ids import uuid7
from schema.store import Store
from tests.field_gateway.play import Handset, Street


def test_of_two_edits_at_once_one_is_the_next_version(store: Store, tmp_path: Path) -> None:
    street = Street(store)
    hs1 = Handset(store, tmp_path)
    first = uuid7()
    hs1.say("report", hs1.report(id=first))
    bodies = [hs1.report(text=f"版 {number}", edits=first, base=1) for number in range(4)]
    told: list[tuple[str, int]] = []
    begin = threading.Barrier(len(bodies))

    def say(body: bytes) -> None:
        begin.wait()
        receipt = hs1.say("report", body)
        told.append((receipt["status"], receipt["version"]))

    threads = [threading.Thread(target=say, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [("conflict", 2)] * 3 + [("kept", 2)]
    assert street.one_of(Report).version == 2
