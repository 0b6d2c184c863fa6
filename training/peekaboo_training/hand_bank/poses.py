"""Poses of hands near faces: finger angles, visible sides, and things that they may carry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .mesh import FingerAngles

_STRAIGHT, _BENT = (6, 8, 5), (78, 95, 55)
_FIST_THUMB = (25, 30, 45)


@dataclass(frozen=True)
class HandPose:
    """A pose of a hand; angles in degrees.

    `bend`: of index to little finger, (4, 3) or one (3,) for all; `thumb` its three bends, `oppose` how far it stands
    before the palm, `aside` how far to its side. `spread`: between neighbouring fingers. `turn`: least and most turn
    about the hand's length (0 shows the back, 180 the palm, 90 the thumb's side, -90 the little finger's). `tilt`:
    the same about the picture's across axis (positive brings the finger tips nearer). `carries`: kinds of things.
    """

    bend: tuple
    thumb: tuple[float, float, float] = (5, 12, 12)
    oppose: float = 10
    aside: float = 0
    spread: float = 5
    turn: tuple[float, float] = (-180, 180)
    tilt: tuple[float, float] = (-30, 30)
    wrist: tuple[float, float] = (0, 0)
    carries: tuple[str, ...] = ()
    loose: float = 1.0
    share: float = 1.0


POSES: dict[str, HandPose] = {
    "open": HandPose(_STRAIGHT, turn=(-180, 180), share=0.8),
    "palm": HandPose(_STRAIGHT, turn=(140, 220), share=1.0),
    "back": HandPose((12, 15, 8), turn=(-45, 45), share=1.0),
    "spread": HandPose(_STRAIGHT, spread=15, aside=20, turn=(-180, 180), share=1.0),
    "spread-palm": HandPose((2, 4, 4), spread=15, aside=28, oppose=0, turn=(135, 225), tilt=(-20, 20), share=1.6),
    "relaxed": HandPose((28, 35, 20), oppose=25, turn=(-180, 180), share=1.0),
    "curled": HandPose((45, 62, 35), oppose=35, turn=(-180, 180), share=1.0),
    "fist": HandPose(_BENT, _FIST_THUMB, 40, -5, 2, turn=(-180, 180), tilt=(-40, 40), share=1.0),
    "chin-rest": HandPose((60, 85, 40), (15, 20, 30), 40, 0, 2, turn=(-70, 110), tilt=(-10, 50), wrist=(10, 0),
                          share=1.3),
    "thumb-side-fist": HandPose((62, 88, 45), (5, 10, 10), 25, 0, 2, turn=(35, 110), tilt=(-20, 40), share=1.2),
    "thinker": HandPose(((8, 12, 6), (50, 80, 45), (58, 88, 50), (62, 90, 50)), (0, 8, 8), 10, 10, 5,
                        turn=(-30, 140), share=1.0),
    "pointing": HandPose((_STRAIGHT, _BENT, _BENT, _BENT), _FIST_THUMB, 35, share=0.7),
    "pinch": HandPose(((48, 50, 25), (35, 40, 25), (28, 35, 20), (22, 30, 18)), (20, 15, 20), 55, 5,
                      turn=(-60, 150), share=0.7),
    "victory": HandPose((_STRAIGHT, _STRAIGHT, _BENT, _BENT), _FIST_THUMB, 45, 0, 13, turn=(-60, 220), share=0.5),
    "mouth-cover": HandPose((14, 16, 8), (5, 10, 10), 10, 0, 1, turn=(-35, 35), tilt=(-15, 35), share=1.3),
    "cheek-tips": HandPose((40, 24, 12), (10, 12, 10), 35, 0, 3, turn=(-50, 110), tilt=(-15, 40), share=1.5),
    "scratching": HandPose((25, 52, 35), (10, 20, 20), 30, 0, 6, turn=(-60, 120), tilt=(-10, 45), share=0.9),
    "phone": HandPose((30, 48, 30), (5, 10, 15), 40, 10, 4, turn=(-90, 200), carries=("phone",), share=0.7),
    "grip": HandPose((52, 62, 35), (10, 20, 20), 55, 0, 3, turn=(-60, 150),
                     carries=("mug", "bottle", "ball", "microphone", "microphone"), share=0.9),
    "eating": HandPose(((42, 45, 25), (45, 55, 30), (52, 65, 38), (58, 70, 40)), (18, 12, 20), 50, 5, 3,
                       turn=(-40, 140), carries=("fork", "spoon", "pen", "stick"), share=0.8),
    "book": HandPose((25, 25, 12), (5, 10, 10), 45, 5, 7, turn=(-60, 60), carries=("book", "book", "paper"),
                     share=0.4),
}  # fmt: skip
PAIRED = ("chin-rest", "mouth-cover", "fist", "open", "cheek-tips", "curled")
"""Poses of two hands together."""


def draw_pose(rng: np.random.Generator, names: tuple[str, ...] | None = None) -> str:
    """Draw the name of a pose, of all or of `names`."""
    names = names or tuple(POSES)
    shares = np.array([POSES[name].share for name in names])
    return names[rng.choice(len(names), p=shares / shares.sum())]


def draw_angles(rng: np.random.Generator, pose: HandPose) -> FingerAngles:
    """Draw finger angles around a pose; neighbouring fingers bend alike, the last joint follows the middle one."""
    four = np.broadcast_to(np.array(pose.bend, float), (4, 3))
    common = rng.normal(0, [7, 9, 5]) * pose.loose
    slope = rng.normal(0, 4) * np.arange(-1.5, 2)[:, None] * pose.loose
    own = rng.normal(0, [4, 5, 3], (4, 3)) * pose.loose
    four = np.clip(four + common + slope + own, [-12, 0, 0], [92, 105, 75])
    thumb = np.clip(np.array(pose.thumb) + rng.normal(0, [6, 8, 9]), [-15, -5, -15], [45, 55, 70])
    gaps = np.clip(pose.spread + rng.normal(0, 2.5, 4), -1, 22) * np.array([1.5, 0.5, -0.5, -1.5])
    # Bent fingers lie side by side.
    gaps = gaps * np.clip(1 - four[:, 0] / 110, 0.2, 1) + rng.normal(0, 1.5)
    spread = np.concatenate([[pose.aside + rng.normal(0, 7)], gaps])
    wrist = np.clip(np.array(pose.wrist) + rng.normal(0, [20, 9]), [-50, -25], [55, 25])
    return FingerAngles(np.vstack([thumb, four]), spread, pose.oppose + rng.normal(0, 9), (wrist[0], wrist[1]))


def draw_view(rng: np.random.Generator, pose: HandPose) -> tuple[float, float]:
    """Draw turn and tilt, degrees; with probability 0.12 the view is more along the arm."""
    tilt = rng.uniform(*pose.tilt) + (rng.choice([-1, 1]) * rng.uniform(20, 40) if rng.random() < 0.12 else 0)
    return rng.uniform(*pose.turn), tilt
