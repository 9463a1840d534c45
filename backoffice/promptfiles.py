"""A recording on its way to a prompt's place: checked, made fit for the telephone, put there in one step."""

import os
import tempfile
import wave
from pathlib import Path

from conf.sound import check_recording, to_telephone


def put_in_place(prompts: Path, language: str, name: str, raw: Path) -> float:
    """`raw` (a WAV file, left where it is) counts for the next caller; how many seconds it lasts.

    Raises conf.sound.NotForTelephone, and nothing has changed then.
    """
    check_recording(raw)
    folder = prompts / "custom" / language
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as work:
        out = Path(work) / "out.wav"
        to_telephone(raw, out)
        os.replace(out, folder / f"{name}.wav")
    with wave.open(str(raw), "rb") as opened:
        return opened.getnframes() / opened.getframerate()
