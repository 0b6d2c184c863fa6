"""Pictures to cover faces with: hands, objects, masks with anchors, textures; read once, shared by all workers."""

from __future__ import annotations

import configparser
import json
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

_SUFFIXES = {".webp", ".png", ".jpg", ".jpeg"}
_SMALLEST_LEVEL = 24
_MASK_CORNERS = "abcdef"
BANK_FILE = "bank.json"
_FOREARM = 230.0
"""Distance from wrist to elbow, about, mm."""


@dataclass(frozen=True)
class Sprite:
    """A cut-out: `levels` hold it at full, half, quarter… size as premultiplied RGBA uint8.

    `colour` (3,) is the mean over opaque pixels, `base` (x, y, width) the middle and width of the lowest opaque rows
    (a hand's wrist), `inside` (K, 2) some opaque pixels (x, y), `tip` the highest one; all in full-size pixels.
    """

    levels: tuple[np.ndarray, ...]
    colour: np.ndarray
    base: tuple[float, float, float]
    inside: np.ndarray
    tip: np.ndarray

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.levels[0].shape[1], self.levels[0].shape[0]


@dataclass(frozen=True)
class MaskTemplate:
    """A photographed face mask; anchors (6, 2): upper right, nose, upper left, lower right, chin, lower left."""

    sprite: Sprite
    anchors: np.ndarray
    side: str


@dataclass(frozen=True)
class RenderedHand:
    """A hand out of `render-hands`' bank; places in the sprite's pixels.

    `skin` (3,) mean colour of its skin; `contacts` (K, 2) visible finger tips and knuckles, `tips` the tips among them,
    `palm` and `wrist` (2,), `arm` (2,) the direction from the wrist to the elbow, shorter than 1 where it is
    foreshortened; `pixels_per_mm`.
    """

    sprite: Sprite
    pose: str
    carries: str
    skin: np.ndarray
    contacts: np.ndarray
    tips: np.ndarray
    palm: np.ndarray
    wrist: np.ndarray
    arm: np.ndarray
    pixels_per_mm: float


@dataclass(frozen=True)
class Material:
    """The pictures that `read_material` found; any list may be empty.

    `matcaps`: pictures of a lit ball, which give the colour of a surface by its normal. `normals`: normal maps of
    surfaces (x, y, z in the channels' 0..255). `bodies`: rendered people without their face.
    """

    hands: list[Sprite] = field(default_factory=list)
    rendered_hands: list[RenderedHand] = field(default_factory=list)
    objects: list[Sprite] = field(default_factory=list)
    scarves: list[Sprite] = field(default_factory=list)
    sunglasses: list[Sprite] = field(default_factory=list)
    spectacles: list[Sprite] = field(default_factory=list)
    masks: list[MaskTemplate] = field(default_factory=list)
    textures: list[np.ndarray] = field(default_factory=list)
    matcaps: list[np.ndarray] = field(default_factory=list)
    normals: list[np.ndarray] = field(default_factory=list)
    bodies: list[np.ndarray] = field(default_factory=list)


def make_sprite(rgba: np.ndarray) -> Sprite:
    """Make a sprite of a straight RGBA picture (H, W, 4), cropped to its opaque box. Raises ValueError when empty."""
    ys, xs = np.nonzero(rgba[..., 3] > 127)
    if len(ys) == 0:
        raise ValueError("a picture without opaque pixels")
    rgba = rgba[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
    alpha = rgba[..., 3:].astype(np.float32) / 255
    premultiplied = np.concatenate([rgba[..., :3] * alpha, rgba[..., 3:]], 2).round().astype(np.uint8)
    levels = [premultiplied]
    while min(levels[-1].shape[:2]) >= 2 * _SMALLEST_LEVEL:
        height, width = levels[-1].shape[:2]
        levels.append(cv2.resize(levels[-1], (width // 2, height // 2), interpolation=cv2.INTER_AREA))
    ys, xs = np.nonzero(rgba[..., 3] > 127)
    low = xs[ys >= min(rgba.shape[0] * 0.96, rgba.shape[0] - 1)]
    base = (float(low.mean()), float(rgba.shape[0] - 1), float(np.ptp(low) + 1))
    some = np.linspace(0, len(ys) - 1, 64).astype(int)
    inside = np.stack([xs[some], ys[some]], 1).astype(np.float32)
    colour = rgba[..., :3][rgba[..., 3] > 127].mean(0).astype(np.float32)
    return Sprite(tuple(levels), colour, base, inside, np.array([xs[0], ys[0]], np.float32))


def read_material(folder: Path) -> Material:
    """Read hands, objects/KIND, masks with masks.cfg, textures, matcaps, normals and bodies under `folder`.

    Each may be missing.
    """
    objects = folder / "objects"
    return Material(
        hands=_sprites(folder / "hands"),
        rendered_hands=read_bank(folder / "rendered"),
        objects=_sprites(objects / "object"),
        scarves=_sprites(objects / "scarf"),
        sunglasses=_sprites(objects / "glasses"),
        spectacles=_sprites(objects / "eleglasses"),
        masks=_masks(folder / "masks"),
        textures=read_pictures(folder / "textures"),
        matcaps=read_pictures(folder / "matcaps"),
        normals=read_pictures(folder / "normals"),
        bodies=read_pictures(folder / "bodies"),
    )


def read_bank(folder: Path) -> list[RenderedHand]:
    """Read the bank that `render-hands` wrote; empty when there is none."""
    path = folder / BANK_FILE
    if not path.exists():
        return []
    return [_rendered_hand(folder, entry) for entry in json.loads(path.read_text())["sprites"]]


def _rendered_hand(folder: Path, entry: dict) -> RenderedHand:
    sprite = make_sprite(_read_rgba(folder / entry["file"]))
    tips, knuckles = (np.array(entry[name], np.float32) for name in ("tips", "knuckles"))
    seen = np.array(entry["seen"], bool)
    wrist, palm = (np.array(entry[name], np.float32) for name in ("wrist", "palm"))
    arm = (np.array(entry["elbow"], np.float32) - wrist) / (_FOREARM * entry["pixels_per_mm"])
    visible = np.concatenate([tips, knuckles])[seen]
    return RenderedHand(
        sprite, entry["pose"], entry["carries"], np.array(entry["skin"], np.float32),
        visible if len(visible) else sprite.tip[None], tips[seen[:5]] if seen[:5].any() else sprite.tip[None],
        palm, wrist, arm, float(entry["pixels_per_mm"]),
    )  # fmt: skip


def read_pictures(folder: Path) -> list[np.ndarray]:
    """Read a folder's pictures as RGB."""
    return [read_rgb(path) for path in _pictures(folder)]


def read_rgb(path: Path) -> np.ndarray:
    """Read a picture as RGB uint8, without alpha. Raises ValueError when it cannot be read."""
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError(f"{path}: not a picture")
    return np.ascontiguousarray(picture[..., ::-1])


def _pictures(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.suffix.lower() in _SUFFIXES)


def _sprites(folder: Path) -> list[Sprite]:
    return [make_sprite(_read_rgba(path)) for path in _pictures(folder)]


def _read_rgba(path: Path) -> np.ndarray:
    picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if picture is None or picture.ndim != 3 or picture.shape[2] != 4:
        raise ValueError(f"{path}: not a picture with alpha")
    return cv2.cvtColor(picture, cv2.COLOR_BGRA2RGBA)


def _masks(folder: Path) -> list[MaskTemplate]:
    config = configparser.ConfigParser()
    config.read(folder / "masks.cfg")
    anchors = {name: _anchors(config[name]) for name in config.sections() if "mask_f" in config[name]}
    found = []
    for path in _pictures(folder):
        if path.stem in anchors:
            rgba = _read_rgba(path)
            scale = rgba.shape[1] / _original_width(path.stem, anchors)
            ys, xs = np.nonzero(rgba[..., 3] > 127)
            points = anchors[path.stem] * scale - np.array([xs.min(), ys.min()], np.float32)
            side = path.stem.rpartition("_")[2] if path.stem.endswith(("_left", "_right")) else "front"
            found.append(MaskTemplate(make_sprite(rgba), points, side))
    return found


def _anchors(section: configparser.SectionProxy) -> np.ndarray:
    return np.array([[float(x) for x in section[f"mask_{c}"].split(",")] for c in _MASK_CORNERS], np.float32)


def _original_width(name: str, anchors: dict[str, np.ndarray]) -> float:
    """The width of the picture that the anchors were measured in: left and right templates mirror each other."""
    other = name.replace("_left", "_right") if "_left" in name else name.replace("_right", "_left")
    return float(anchors[name][0, 0] + anchors.get(other, anchors[name])[2, 0])
