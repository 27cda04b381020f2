"""
What varies from one stamped form to the next: what is on the paper, and how it was scanned or photographed.

Every specimen follows from its number alone, so that each run and each machine draws the same ones.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

SEED = "stamped forms 1"
NUMBER, VERSION = "2026-000123", 2
# What the code at the top says: this form, an earlier version of it, somebody else's, or nothing (a form of somebody's own making).
CODES = {"ours": (NUMBER, VERSION), "older": (NUMBER, 1), "other": ("2026-000456", 2), "none": None}
SEALS = ("round", "oval")
# Red things that are no seal of a unit.
DISTRACTIONS = ("thumb", "chop", "pen")
READABLE_BLUR, UNREADABLE_BLUR = 0.15, 0.30  # mm; between them people disagree, and it counts for neither


@dataclass(frozen=True)
class Seal:
    """
    A seal of a work unit: millimetres, degrees, and shares. ``strength`` is how much ink the paper took, ``patchy`` how unevenly,
    ``shift`` where it sits from the ring printed for it.
    """

    kind: str
    width: float
    ink: tuple[int, int, int]
    strength: float
    patchy: float
    turned: float
    shift: tuple[float, float]


@dataclass(frozen=True)
class Paper:
    """A printed form as it lies on the table; ``portrait`` is the ground of the photo on it, ``copied`` a photocopy in black."""

    sheet: str
    portrait: tuple[int, int, int] | None
    code: str
    seal: Seal | None
    distractions: tuple[str, ...]
    signature: tuple[int, int, int]
    tint: tuple[int, int, int]
    copied: bool


@dataclass(frozen=True)
class Capture:
    """
    How the paper became a picture. Angles are degrees, ``blur`` and ``shake`` millimetres on the paper (standard deviation), ``noise``
    steps of 255; ``share`` is how much of a photograph the page fills, ``keystone`` how far corners move by perspective, ``shade`` how
    much light is lost at the far side and in the shadow.
    """

    is_photo: bool
    long_side: int
    turn: int
    skew: float
    grey: bool
    blur: float
    shake: float
    noise: float
    quality: int
    share: float = 1.0
    keystone: float = 0.0
    shade: float = 0.0
    lamp: tuple[float, float, float] = (1.0, 1.0, 1.0)
    desk: tuple[int, int, int] = (255, 255, 255)


@dataclass(frozen=True)
class Specimen:
    index: int
    paper: Paper
    capture: Capture

    @property
    def shows_a_seal(self) -> bool:
        """Whether a person could see that a seal is red."""
        return self.paper.seal is not None and not self.capture.grey and not self.paper.copied

    @property
    def is_blurred(self) -> bool | None:
        """Whether the small print can no longer be read for blur; None where people would disagree."""
        blur = (self.capture.blur**2 + self.capture.shake**2) ** 0.5
        if READABLE_BLUR < blur < UNREADABLE_BLUR:
            return None
        return blur >= UNREADABLE_BLUR


def specimens(count: int, *, seed: str = SEED) -> Iterator[Specimen]:
    """Return the first ``count`` specimens."""
    return (specimen(index, seed=seed) for index in range(count))


def specimen(index: int, *, seed: str = SEED) -> Specimen:
    """Return one specimen by its number."""
    dice = Random(f"{seed} / {index}")
    return Specimen(index, _paper(dice), _capture(dice))


def halves(drawn: Sequence[Specimen], *, seed: str = SEED) -> tuple[list[Specimen], list[Specimen]]:
    """Split into those that detectors are tuned on and those that are reported on."""
    shuffled = list(drawn)
    Random(f"{seed} / halves").shuffle(shuffled)
    middle = len(shuffled) // 2
    return _in_order(shuffled[:middle]), _in_order(shuffled[middle:])


def _in_order(some: list[Specimen]) -> list[Specimen]:
    return sorted(some, key=lambda one: one.index)


def _paper(dice: Random) -> Paper:
    is_stamped = dice.random() < 0.6
    return Paper(
        sheet=dice.choice(("plain", "long", "student")),
        portrait=dice.choice((None, (245, 245, 245), (70, 130, 200), (200, 30, 35), (196, 212, 222))),
        code=dice.choices(tuple(CODES), weights=(60, 12, 18, 10))[0],
        seal=_seal(dice) if is_stamped else None,
        distractions=tuple(one for one in DISTRACTIONS if dice.random() < 0.15),
        signature=dice.choice(((25, 25, 30), (30, 40, 120), (20, 60, 90))),
        tint=dice.choice(((255, 255, 255), (255, 255, 255), (250, 246, 235), (244, 238, 220), (240, 244, 248))),
        copied=dice.random() < 0.06,
    )


def _seal(dice: Random) -> Seal:
    kind = dice.choices(SEALS, weights=(4, 1))[0]
    return Seal(
        kind=kind,
        width=dice.choice((40, 42, 42, 45, 50)) if kind == "round" else 45,
        ink=dice.choice(((200, 30, 40), (185, 25, 30), (215, 50, 45), (200, 40, 80), (225, 70, 40))),
        strength=dice.choice((1.0, 0.9, 0.75, 0.55, 0.4)),
        patchy=dice.choice((0.0, 0.2, 0.5)),
        turned=dice.uniform(-20, 20),
        # Mostly where the form asks for it, now and then half over the table or the signatures.
        shift=dice.choice(((0, 0), (dice.uniform(-8, 8), dice.uniform(-6, 6)), (-40, 2), (-20, 45), (-60, -35))),
    )


def _capture(dice: Random) -> Capture:
    is_photo = dice.random() < 0.6
    plain = Capture(
        is_photo=is_photo,
        long_side=dice.choices((2200, 3000, 4000) if is_photo else (1754, 2339, 3508), weights=(3, 3, 1))[0],
        turn=dice.choices((0, 90, 180, 270), weights=(6, 2, 1, 2))[0],
        skew=dice.choice((0, -3, 3, -8, 8)),
        grey=dice.random() < 0.12,
        blur=dice.choices((0.05, 0.08, 0.12, 0.2, 0.32, 0.45, 0.7), weights=(4, 4, 3, 2, 1, 1, 1))[0],
        shake=dice.choices((0.0, 0.1, 0.35, 0.6), weights=(12, 2, 1, 1))[0],
        noise=dice.choice((0, 3, 6, 12)) if is_photo else dice.choice((0, 2, 4)),
        quality=dice.choice((50, 70, 85, 95)),
    )
    return _photographed(dice, plain) if is_photo else plain


def _photographed(dice: Random, plain: Capture) -> Capture:
    return Capture(
        **{
            **vars(plain),
            "share": dice.choice((0.9, 0.85, 0.75, 0.6)),
            "keystone": dice.choice((0.0, 0.03, 0.06, 0.1)),
            "shade": dice.choice((0.0, 0.25, 0.45, 0.6)),
            "lamp": dice.choice(((1.0, 1.0, 1.0), (1.0, 0.97, 0.92), (1.0, 0.88, 0.7), (0.9, 0.97, 1.0))),
            "desk": dice.choice(((60, 60, 65), (150, 95, 55), (140, 50, 35), (225, 225, 220), (30, 60, 50))),
        }
    )
