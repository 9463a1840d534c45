"""The voice: espeak-ng speaks Chinese characters as such; another voice is a command or a class of one's own."""

import subprocess
import sys
import wave
from pathlib import Path

import pytest

from conf.speech import ESPEAK, VOICES, CannotSpeak, Espeak, speak, voice_of
from tests.conf.test_sound import sine, write

TALKER = """
import sys, wave, math, array
language, file = sys.argv[1:]
text = sys.stdin.read()
with wave.open(file, "wb") as out:
    out.setparams((1, 2, 16000, 0, "NONE", ""))
    tone = array.array("h", (int(9000 * math.sin(n / 5)) for n in range(4000 * len(text))))
    out.writeframes(tone.tobytes())
"""


class Sine:
    """A voice of one's own."""

    def key(self, language: str) -> str:
        return f"sine {language}"

    def say(self, language: str, text: str, file: Path) -> None:
        write(file, sine(500, 16_000), 16_000)


@pytest.mark.real
def test_chinese_is_not_spelled_in_english_letters() -> None:
    said = subprocess.run(
        ["espeak-ng", "-v", VOICES["zh"], "-q", "-x", "--stdin"], input="您好，一百零二。".encode(),
        capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    assert "(en)" not in said and "p'ai21" in said


def test_a_command_is_the_voice(tmp_path: Path) -> None:
    voice = voice_of(f"{sys.executable} -c '{TALKER.replace(chr(39), '')}' {{language}} {{file}}")
    speak("ug", "abc", tmp_path / "x.wav", voice)
    with wave.open(str(tmp_path / "x.wav")) as spoken:
        assert spoken.getframerate() == 8000 and 0.5 < spoken.getnframes() / 8000 < 1
    assert voice.key("ug") != ESPEAK.key("ug")
    assert [file.name for file in tmp_path.iterdir()] == ["x.wav"]


def test_a_class_is_the_voice(tmp_path: Path) -> None:
    voice = voice_of("tests.conf.test_speech:Sine")
    speak("zh", "您好", tmp_path / "x.wav", voice)
    assert (tmp_path / "x.wav").is_file() and voice.key("zh") == "sine zh"


def test_no_setting_is_espeak() -> None:
    assert isinstance(voice_of(" "), Espeak)


@pytest.mark.parametrize(
    ("setting", "why"),
    [("no.such:Voice", "there is no voice"), ("tests.conf.test_speech:Nobody", "there is no voice"),
     ("'open", "is no command"), ("/no/such/voice {file}", "did not speak"), ("/bin/false {file}", "x: 'abc'")],
)  # fmt: skip
def test_a_voice_that_cannot_speak_says_so(tmp_path: Path, setting: str, why: str) -> None:
    with pytest.raises(CannotSpeak, match=why):
        speak("en", "abc", tmp_path / "x.wav", voice_of(setting))
    assert not (tmp_path / "x.wav").exists()
