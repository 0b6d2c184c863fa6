"""Pasting: the view of a face that covers use, layers with alpha, and compositing onto a picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ..settings import CROP_SIZE
from .material import Sprite

_SKIN_POINTS = np.array([50, 280, 101, 330, 205, 425, 118, 347, 151, 4])
_SHADOW_SIZE = CROP_SIZE // 4


@dataclass(frozen=True)
class FaceView:
    """A face in the crop: `points` (478, 3) in px, and values for placing covers.

    `centre` (2,) and `size` (px, the longer side of the points' box), `roll` (radians, y down, of the eye line),
    `yaw` (radians, about; positive turns the nose to the picture's right), `skin` (3,) the skin's colour, 0..255.
    """

    points: np.ndarray
    centre: np.ndarray
    size: float
    roll: float
    yaw: float
    skin: np.ndarray

    @classmethod
    def of(cls, picture: np.ndarray, points: np.ndarray) -> FaceView:
        """Make the view of a face in a picture (H, W, 3) with points (478, 3) in its px."""
        low, high = points[:468, :2].min(0), points[:468, :2].max(0)
        across = points[263] - points[33]
        cheeks = points[454] - points[234]
        at = np.clip(points[_SKIN_POINTS, :2].round().astype(int), 0, np.array(picture.shape[1::-1]) - 1)
        skin = np.median(picture[at[:, 1], at[:, 0]].astype(np.float32), axis=0)
        yaw = float(np.arctan2(cheeks[2], max(np.hypot(cheeks[0], cheeks[1]), 1e-3)))
        roll = float(np.arctan2(across[1], across[0]))
        return cls(points, (low + high) / 2, float((high - low).max()), roll, yaw, skin)

    def direction(self, right: float, down: float) -> np.ndarray:
        """Rotate a direction of the upright face (right, down) to the picture's axes."""
        c, s = np.cos(self.roll), np.sin(self.roll)
        return np.array([c * right - s * down, s * right + c * down])


@dataclass
class Layer:
    """A layer to paste: premultiplied colour (S, S, 3), 0..255, and alpha (S, S), 0..1, float32.

    `hides`: whether it counts as an occluder (clear spectacles do not). `own`: whether it is the person's own hair or
    headwear. `glass` (S, S, 3), 0..1: the transmission in addition to 1 - alpha, as of tinted lenses.
    """

    colour: np.ndarray
    alpha: np.ndarray
    hides: bool = True
    glass: np.ndarray | None = None
    own: bool = False

    def over(self, below: Layer) -> Layer:
        """Join two layers into one, this one on top."""
        rest = 1 - self.alpha
        glass = None if below.glass is None else below.glass * rest[..., None]
        alpha = self.alpha + below.alpha * rest
        return Layer(self.colour + below.colour * rest[..., None], alpha, self.hides, glass, self.own)


def warp_sprite(sprite: Sprite, matrix: np.ndarray, table: np.ndarray | None = None) -> Layer:
    """Draw a sprite by an affine map (2, 3) from its full-size px to crop px, using the level nearest in scale.

    `table` (256, 3) uint8 gives new values for old ones, per colour.
    """
    scale = np.sqrt(abs(np.linalg.det(matrix[:, :2])))
    level = int(np.clip(np.floor(-np.log2(max(scale, 1e-6)) + 0.3), 0, len(sprite.levels) - 1))
    picture = sprite.levels[level]
    ratio = np.array(sprite.size) / np.array(picture.shape[1::-1])
    turn = matrix[:, :2] * ratio
    shift = matrix[:, 2] + matrix[:, :2] @ ((ratio - 1) / 2)
    warped = cv2.warpAffine(picture, np.concatenate([turn, shift[:, None]], 1), (CROP_SIZE, CROP_SIZE))
    if table is not None:
        warped[..., :3] = np.minimum(cv2.LUT(warped[..., :3], table[None]), warped[..., 3:])
    return layer_of_rgba(warped)


def layer_of_rgba(rgba: np.ndarray) -> Layer:
    """Make a layer of a premultiplied RGBA uint8 picture of the crop's size."""
    values = rgba.astype(np.float32)
    return Layer(values[..., :3], values[..., 3] * np.float32(1 / 255))


def fill(alpha: np.ndarray, colour: np.ndarray) -> Layer:
    """Make a layer of alpha uint8 (S, S) and a straight colour, (3,) or (S, S, 3)."""
    share = alpha.astype(np.float32) * np.float32(1 / 255)
    return Layer((share[..., None] * colour).astype(np.float32), share)


def polygon(points: np.ndarray) -> np.ndarray:
    """Draw an antialiased filled polygon (K, 2), crop px, as alpha uint8 (S, S)."""
    alpha = np.zeros((CROP_SIZE, CROP_SIZE), np.uint8)
    cv2.fillPoly(alpha, [(np.asarray(points) * 16).round().astype(np.int32)], 255, cv2.LINE_AA, 4)
    return alpha


@dataclass
class Masks:
    """What is in a picture, each (S, S) float32, 0..1.

    `occluder`: the share of a pixel that something hides; `own`: the share that is the person's own hair or headwear;
    `own_known`: how certain `own` is. Headwear over the face is both.
    """

    occluder: np.ndarray
    own: np.ndarray
    own_known: np.ndarray

    @classmethod
    def empty(cls, own_known: float = 0.0) -> Masks:
        """Nothing is in the picture; `own_known` of each pixel."""
        zeros, known = np.zeros((2, CROP_SIZE, CROP_SIZE), np.float32), np.full((CROP_SIZE, CROP_SIZE), own_known)
        return cls(zeros[0], zeros[1], known.astype(np.float32))

    def under(self, layer: Layer, face: FaceView | None) -> Masks:
        """Give the masks with a layer on top. Headwear counts as an occluder within the outline of the face only."""
        alpha, rest = layer.alpha, 1 - layer.alpha
        known = np.maximum(self.own_known, alpha)
        if layer.own:
            hidden = alpha * outline_of(face.points) if layer.hides and face is not None else 0.0
            return Masks(np.maximum(self.occluder * rest, hidden), np.maximum(self.own, alpha), known)
        return Masks(np.maximum(self.occluder, alpha) if layer.hides else self.occluder * rest, self.own * rest, known)


def outline_of(points: np.ndarray) -> np.ndarray:
    """Fill the convex hull of the 468 mesh points, crop px: a mask (S, S), 0..1."""
    hull = cv2.convexHull(points[:468, :2].astype(np.float32))
    filled = np.zeros((CROP_SIZE, CROP_SIZE), np.uint8)
    cv2.fillConvexPoly(filled, (hull * 16).round().astype(np.int32), 255, cv2.LINE_AA, 4)
    return filled.astype(np.float32) / 255


def paste(rng: np.random.Generator, picture: np.ndarray, masks: Masks, layer: Layer, face: FaceView | None,
          ) -> tuple[np.ndarray, Masks]:  # fmt: skip
    """Put a layer on a picture (S, S, 3) float32 0..255; gives the picture and the masks with it.

    The edge is blurred, the colour is moved towards the face's brightness by a random share, and in most cases the
    layer casts a soft contact shadow.
    """
    layer = _soften(rng, layer)
    if face is not None and rng.random() < 0.7:
        layer = _match_brightness(rng, layer, face)
    if rng.random() < 0.65:
        picture = picture * (1 - _contact_shadow(rng, layer.alpha))[..., None]
    through = (1 - layer.alpha)[..., None]
    picture = layer.colour + picture * (through if layer.glass is None else through + layer.glass)
    return picture, masks.under(layer, face)


def _soften(rng: np.random.Generator, layer: Layer) -> Layer:
    """Blur colour and alpha alike, so that the colour stays premultiplied."""
    both = np.concatenate([layer.colour, layer.alpha[..., None] * np.float32(255)], 2)
    sigma = rng.uniform(0.35, 1.1)
    both = cv2.GaussianBlur(both, (0, 0), sigma)
    glass = None if layer.glass is None else cv2.GaussianBlur(layer.glass, (0, 0), sigma)
    return Layer(both[..., :3], both[..., 3] * np.float32(1 / 255), layer.hides, glass, layer.own)


def _match_brightness(rng: np.random.Generator, layer: Layer, face: FaceView) -> Layer:
    total = cv2.sumElems(layer.alpha)[0]
    if total < 20:
        return layer
    own = np.array(cv2.sumElems(layer.colour)[:3]) / total
    ratio = ((face.skin.mean() + 40) / (own.mean() + 40)) ** rng.uniform(0, 0.6)
    ratio = np.clip(ratio * (1 + rng.normal(0, 0.04, 3)), 0.4, 1.8).astype(np.float32)
    colour = layer.colour * ratio
    np.minimum(colour, 255 * layer.alpha[..., None], out=colour)
    return Layer(colour, layer.alpha, layer.hides, layer.glass, layer.own)


def _contact_shadow(rng: np.random.Generator, alpha: np.ndarray) -> np.ndarray:
    """Give the share of blocked light (S, S): the layer's blurred alpha, shifted by up to a few px."""
    small = cv2.resize(alpha, (_SHADOW_SIZE, _SHADOW_SIZE), interpolation=cv2.INTER_AREA)
    angle, distance = rng.uniform(0, 2 * np.pi), rng.uniform(0, 2.0)
    move = np.array([[1, 0, distance * np.cos(angle)], [0, 1, distance * np.sin(angle)]])
    moved = cv2.warpAffine(small, move, (_SHADOW_SIZE, _SHADOW_SIZE), borderMode=cv2.BORDER_REPLICATE)
    soft = cv2.GaussianBlur(moved, (0, 0), rng.uniform(0.6, 2.5)) * np.float32(rng.uniform(0.1, 0.55))
    return cv2.resize(soft, (CROP_SIZE, CROP_SIZE), interpolation=cv2.INTER_LINEAR)
