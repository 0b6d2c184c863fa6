"""Placement of rendered hands that touch a face: true to scale, forearms from below and from the sides."""

from __future__ import annotations

import numpy as np

from .material import Material, RenderedHand
from .paste import FaceView, Layer, warp_sprite

_FACE_HEIGHT = 180.0
"""Distance from the topmost to the lowest mesh point of an adult's face, mm."""
_MOUTH, _CHIN, _NOSE = (13, 14, 17, 0), (152, 148, 377, 175), (1, 4, 5)
_CHEEKS, _JAW = (50, 280, 205, 425, 187, 411), (172, 397, 136, 365, 58, 288)
_EYES, _BROW = (159, 386, 130, 359), (151, 67, 297, 21, 251)
_EARS = (234, 454, 132, 361)
_ANCHORS = (*_MOUTH, *_CHIN, *_NOSE, *_CHEEKS, *_CHEEKS, *_JAW, *_EYES, *_BROW, *_EARS)
_RIM = np.array([152, 152, 148, 377, 176, 400, 150, 379, 136, 365, 172, 397, 58, 288, 132, 361, 93, 323, 234, 454])
_UNDER_CHIN = np.array([152, 152, 148, 377, 176, 400, 149, 378, 150, 379])
_AT_RIM = {"chin-rest": 0.6, "thumb-side-fist": 0.55, "fist": 0.4, "curled": 0.4, "cheek-tips": 0.35, "scratching": 0.3,
           "mouth-cover": 0.1, "thinker": 0.3, "book": 0.4}  # fmt: skip
_LIKES = {"phone": (*_EARS, *_CHEEKS), "mug": _MOUTH, "bottle": _MOUTH, "fork": _MOUTH, "spoon": _MOUTH,
          "microphone": (*_MOUTH, *_CHIN), "book": (*_CHIN, *_MOUTH), "paper": (*_CHIN, *_NOSE),
          "mouth-cover": (*_MOUTH, *_NOSE), "cheek-tips": (*_CHEEKS, *_JAW, *_CHIN), "thinker": (*_CHEEKS, *_JAW),
          "scratching": (*_CHEEKS, *_BROW, *_NOSE, *_JAW)}  # fmt: skip
_FLAT = ("mouth-cover", "open", "palm", "spread", "spread-palm", "back")
"""Poses that touch with the whole hand more often than others."""
_CANDIDATES = 12


def rendered_hand(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw one of the bank's hands: touching the face, over it, or only reaching over its rim."""
    hand, gain = _choose(rng, material.rendered_hands, face)
    table = np.clip(np.arange(256, dtype=np.float32)[:, None] * gain, 0, 255).astype(np.uint8)
    return warp_sprite(hand.sprite, placement(rng, hand, face), table)


def _choose(rng: np.random.Generator, hands: list[RenderedHand], face: FaceView) -> tuple[RenderedHand, np.ndarray]:
    """Pick a hand, in two of three cases of the face's skin, and what its colours are multiplied with (3,)."""
    some = [hands[k] for k in rng.integers(0, len(hands), _CANDIDATES)]
    if rng.random() < 0.67:
        wanted = np.clip(face.skin * rng.uniform(0.8, 1.15) * (1 + rng.normal(0, 0.03, 3)), 8, 250)
        hand = min(some, key=lambda one: np.abs(np.log(np.clip(one.skin, 4, 255) / wanted)).sum())
        share = rng.uniform(0.6, 1.0)
    else:
        hand = some[0]
        brightness = np.clip((face.skin.mean() / 120) ** 0.5, 0.5, 1.2)
        wanted, share = np.clip(hand.skin * brightness, 8, 250), 1.0
    return hand, np.clip((wanted / np.clip(hand.skin, 4, 255)) ** share, 0.35, 2.2).astype(np.float32)


def placement(rng: np.random.Generator, hand: RenderedHand, face: FaceView) -> np.ndarray:
    """Give the map (2, 3) from the sprite's pixels to the crop's."""
    if rng.random() < _AT_RIM.get(hand.pose, 0.2):
        return _over_the_rim(rng, hand, face)
    anchors = _LIKES.get(hand.carries or hand.pose, _ANCHORS) if rng.random() < 0.7 else _ANCHORS
    target = face.points[anchors[rng.integers(len(anchors))], :2]
    target = target + rng.normal(0, 0.05 * face.size, 2)
    turn = _turn(rng, hand, face, target)
    touching = _touching(rng, hand)
    return np.concatenate([turn, (target - turn @ touching)[:, None]], 1)


def _touching(rng: np.random.Generator, hand: RenderedHand) -> np.ndarray:
    """Choose the place (2,) of the sprite that touches the face."""
    if hand.carries and rng.random() < 0.7:
        upper = hand.sprite.inside[hand.sprite.inside[:, 1] <= np.quantile(hand.sprite.inside[:, 1], 0.3)]
        return upper[rng.integers(len(upper))]
    choice = rng.random() + (0.35 if hand.pose in _FLAT else 0)
    if choice < 0.45:
        return hand.tips[rng.integers(len(hand.tips))]
    if choice < 0.68:
        return hand.contacts[rng.integers(len(hand.contacts))]
    share = rng.uniform(0, 1)
    return share * hand.palm + (1 - share) * hand.contacts[rng.integers(len(hand.contacts))]


def _turn(rng: np.random.Generator, hand: RenderedHand, face: FaceView, target: np.ndarray) -> np.ndarray:
    """Give size, mirroring and turn (2, 2): the forearm, which points down in the sprite, goes down or outwards."""
    scale = face.size / _FACE_HEIGHT / hand.pixels_per_mm * rng.uniform(0.86, 1.2)
    side = (target - face.centre) @ face.direction(1, 0) / (0.5 * face.size)
    side = np.sign(rng.normal(side * 2, 0.7))
    outward = rng.uniform(55, 115) if rng.random() < 0.1 else rng.uniform(-8, 50)
    angle = -side * np.radians(outward) + rng.normal(0, 0.15) + 0.6 * face.roll
    flip = -1.0 if rng.random() < 0.5 else 1.0
    c, s = np.cos(angle) * scale, np.sin(angle) * scale
    return np.array([[c * flip, -s], [s * flip, c]])


def _over_the_rim(rng: np.random.Generator, hand: RenderedHand, face: FaceView) -> np.ndarray:
    """Place the hand outside of the face but for a little: a fist under the chin, fingers at the cheek."""
    chin = hand.pose in ("chin-rest", "thumb-side-fist", "fist") and rng.random() < 0.7
    rim = _UNDER_CHIN if chin else _RIM
    target = face.points[rim[rng.integers(len(rim))], :2]
    inward = face.centre - target
    inward = inward / max(np.linalg.norm(inward), 1e-6)
    turn = _turn(rng, hand, face, target)
    places = np.concatenate([hand.sprite.inside, hand.contacts])
    foremost = places[np.argmax(places @ turn.T @ inward)]
    target = target + inward * face.size * rng.uniform(0.02, 0.14)
    return np.concatenate([turn, (target - turn @ foremost)[:, None]], 1)
