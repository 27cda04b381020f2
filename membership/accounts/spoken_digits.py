"""Digits read aloud in Mandarin, joined from one recording each (``digits/``, see the README there)."""

import wave
from functools import cache
from io import BytesIO
from pathlib import Path

FOLDER = Path(__file__).parent / "digits"
# Hz, one channel, bytes a sample: what all the recordings have.
RATE, CHANNELS, WIDTH = 16_000, 1, 2
# Seconds before each digit: time to find the key.
PAUSE = 0.5


def read_aloud(digits: str) -> bytes:
    """Return a WAV file with a pause and a recording for each of ``digits``."""
    silence = bytes(int(PAUSE * RATE) * WIDTH)
    file = BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((CHANNELS, WIDTH, RATE, 0, "NONE", "not compressed"))
        sound.writeframes(b"".join(silence + recording(digit) for digit in digits))
    return file.getvalue()


@cache
def recording(digit: str) -> bytes:
    """Return the samples of one digit."""
    with wave.open(str(FOLDER / f"{digit}.wav")) as sound:
        return sound.readframes(sound.getnframes())
