"""A sprite's entry in the bank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .render import Drawn
from .view import PIXELS_PER_MM, Scene, Surface

_BEHIND = 14.0
"""Largest depth of a joint below the skin, mm."""


@dataclass(frozen=True)
class Entry:
    """Metadata of a sprite; places are in its px.

    `pose` name; `side` left or right; `turn` in degrees, 0 shows the back, 180 the palm; `carries` a kind of thing or
    ""; `hands` 1 or 2; `skin` mean colour (3,), 0..255, of the skin; `tone` its linear albedo; `skin_share` of the
    opaque pixels; `wrist`, `elbow`, `palm` places; `tips` (5, 2), thumb first; `knuckles` (4, 2); `seen` (9,): which
    tips and knuckles are visible; `pixels_per_mm`.
    """

    pose: str
    side: str
    turn: float
    carries: str
    hands: int
    skin: list[float]
    tone: list[float]
    skin_share: float
    wrist: list[float]
    elbow: list[float]
    palm: list[float]
    tips: list[list[float]]
    knuckles: list[list[float]]
    seen: list[bool]
    pixels_per_mm: float


@dataclass(frozen=True)
class Arm:
    surfaces: list[Surface]
    points: dict[str, np.ndarray]
    carries: str
    view: tuple[float, float]


def make_entry(rng, drawn: Drawn, scene: Scene, arm: Arm, carries: str, name: str, tone: np.ndarray, hands: int):
    """Crop a sprite to its opaque pixels, and mirror it with probability 0.5; None when it shows too little."""
    rgba, skin = drawn.rgba, drawn.skin
    opaque = rgba[..., 3] > 127
    if opaque.sum() < 2500 or (skin > 0.5).sum() < 900:
        return None
    ys, xs = np.nonzero(opaque)
    left, top = xs.min(), ys.min()
    box = (slice(top, ys.max() + 1), slice(left, xs.max() + 1))
    rgba, colours = rgba[box], rgba[..., :3][skin > 0.6]
    width = rgba.shape[1]
    flipped = rng.random() < 0.5
    if flipped:
        rgba = np.ascontiguousarray(rgba[:, ::-1])

    def place(points: np.ndarray) -> list:
        at = scene.project(np.atleast_2d(points))[:, :2] - [left, top]
        at[:, 0] = width - 1 - at[:, 0] if flipped else at[:, 0]
        return at.round(1).tolist()

    checked = np.concatenate([arm.points["tips"], arm.points["knuckles"]])
    at = scene.project(checked)
    pixel = np.clip((at[:, :2] * 2).astype(int), 0, np.array(drawn.depth.shape[::-1]) - 1)
    seen = at[:, 2] < drawn.depth[pixel[:, 1], pixel[:, 0]] + _BEHIND
    entry = Entry(
        pose=name, side="right" if flipped else "left", turn=round(arm.view[0], 1), carries=carries, hands=hands,
        skin=colours.mean(0).round(1).tolist(), tone=tone.round(4).tolist(),
        skin_share=round(float((skin > 0.5).sum() / opaque.sum()), 3), wrist=place(arm.points["wrist"])[0],
        elbow=place(arm.points["elbow"])[0], palm=place(arm.points["palm"])[0], tips=place(arm.points["tips"]),
        knuckles=place(arm.points["knuckles"]), seen=seen.tolist(), pixels_per_mm=PIXELS_PER_MM,
    )  # fmt: skip
    return rgba, entry
