"""Photos wait before words do, and words only where they could not be written down."""

from pathlib import Path

from field_gateway.putoff import (
    BUSY,
    FULL_LATER,
    LOOK_EVERY,
    MEDIA_LATER,
    ROOM_FOR_MEDIA,
    ROOM_FOR_WORDS,
    PutOff,
)


class Play:
    def __init__(self) -> None:
        self.now, self.room, self.jobs, self.looks = 0.0, 10 * ROOM_FOR_MEDIA, 0, 0
        self.put_off_for = PutOff(
            Path("vault"), lambda: self.jobs, free=self._free, monotonic=lambda: self.now
        )

    def _free(self, _folder: Path) -> int:
        self.looks += 1
        if self.room < 0:
            raise FileNotFoundError
        return self.room

    def asked(self, **to: int) -> tuple[int, int]:
        for name, value in to.items():
            setattr(self, name, value)
        self.now += LOOK_EVERY
        return self.put_off_for("media"), self.put_off_for("report")


def test_photos_wait_while_messages_stand_in_a_queue() -> None:
    play = Play()
    assert play.asked() == (0, 0)
    assert play.asked(jobs=BUSY + 1) == (MEDIA_LATER, 0)
    assert play.asked(jobs=BUSY) == (0, 0)
    assert play.put_off_for.put_off == 1


def test_a_disk_that_is_nearly_full_is_kept_for_words_and_a_full_one_for_nobody() -> None:
    play = Play()
    assert play.asked(room=ROOM_FOR_MEDIA - 1) == (FULL_LATER, 0)
    assert play.asked(room=ROOM_FOR_WORDS - 1) == (FULL_LATER, FULL_LATER)
    assert play.asked(room=ROOM_FOR_MEDIA) == (0, 0)
    assert play.asked(room=-1) == (0, 0), "a folder that is not there yet is no full disk"


def test_the_disk_is_asked_now_and_then() -> None:
    play = Play()
    for _ in range(1000):
        play.put_off_for("report")
    assert play.looks == 1
