"""The cartoon face in every pose: MakeHuman's units, warped and refined, with lids fitted to the eyeballs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix, diags, identity
from scipy.spatial import cKDTree

from ..face_model.format import EXPRESSION_NAMES
from .base import Base
from .lids import Eye, blink, find_eye, keep_off
from .refine import Refined, refine
from .surface import Poses
from .warp import ease, warp

# Factor on MakeHuman's unit of each shape at 1.0: larger than 1 for most, less for the opening of the mouth.
GAIN = {
    "jawOpen": 0.95, "mouthClose": 0.95, "mouthSmile": 1.0, "mouthFrown": 1.8, "browDown": 1.25, "browInnerUp": 1.6,
    "browOuterUp": 1.8, "cheekPuff": 1.3, "noseSneer": 1.2, "eyeWide": 0.85, "mouthDimple": 1.3, "mouthPucker": 1.3,
    "mouthFunnel": 1.15,
}  # fmt: skip
# Teeth and tongue are moved to be visible: scale about the part's centre, and shift in mm.
PLACES = {
    "teethUpper": (np.array([0.93, 1.15, 1.0]), np.array([0.0, -2.2, 0.0])),
    "teethLower": (np.array([0.93, 1.0, 1.0]), np.array([0.0, -3.2, -0.5])),
    "tongue": (np.array([0.9, 0.65, 0.95]), np.array([0.0, -4.2, -2.5])),
}
FADE = (0.1, 0.45)  # mm: smaller displacements are dropped, larger ones kept, with a smooth transition
TONGUE_JAW, TONGUE_OUT, TONGUE_DOWN = 0.28, 24.0, 11.0  # share of jawOpen; mm at the tip


@dataclass
class Face:
    """N vertices: skin, inside of the mouth, teeth and tongue, refined."""

    neutral: np.ndarray  # (N, 3) mm
    poses: Poses
    refined: Refined
    part: np.ndarray  # (F,) name of each triangle's part
    eyes: list[Eye]  # left, right


def gain(name: str) -> float:
    """Give both sides of a shape the same value."""
    return GAIN.get(name.removesuffix("Left").removesuffix("Right"), 1.0)


def build_face(base: Base) -> Face:
    """All poses of the face."""
    quads = np.concatenate(list(base.quads.values()))
    names = np.repeat(list(base.quads), [len(q) for q in base.quads.values()])
    refined, part = _refined(base, quads, names)
    units = soften(base, quads)
    relax = _relaxing(base, quads)

    def shaped(points: np.ndarray) -> np.ndarray:
        return refined(_placed(relax @ warp(points), base))

    neutral = shaped(base.vertices)
    eyes = [find_eye(neutral, *(_rim(refined, rim) for rim in base.rims[n]), side) for n, side in enumerate((1, -1))]
    skin = np.unique(refined.triangles[part == "skin"])
    neutral[skin] = keep_off(neutral[skin], eyes)
    poses = {}
    for name, unit in zip(EXPRESSION_NAMES, units, strict=True):
        if name.startswith("eyeBlink"):
            moved = blink(neutral, eyes["LR".index(name[8])])
        elif name == "tongueOut":
            jaw = units[EXPRESSION_NAMES.index("jawOpen")]
            moved = shaped(base.vertices + TONGUE_JAW * jaw)
            moved += _tongue_out(neutral, np.unique(refined.triangles[part == "tongue"]))
        else:
            moved = shaped(base.vertices + gain(name) * unit)
            moved[skin] = keep_off(moved[skin], eyes)
        way = moved - neutral
        poses[name] = neutral + way * ease(np.linalg.norm(way, axis=1), *FADE)[:, None]
    return Face(neutral, poses, refined, part, eyes)


def _placed(points: np.ndarray, base: Base) -> np.ndarray:
    """Teeth and tongue moved to their places (V, 3)."""
    for name, (scale, shift) in PLACES.items():
        ids = np.unique(base.quads[name])
        middle = points[ids].mean(0)
        points[ids] = middle + (points[ids] - middle) * scale + shift
    return points


def _tongue_out(neutral: np.ndarray, tongue: np.ndarray) -> np.ndarray:
    """Displacement (N, 3) of a tongue that is put out over the lower lip."""
    z = neutral[tongue, 2]
    along = (z - z.min()) / np.ptp(z)
    result = np.zeros_like(neutral)
    result[tongue] = np.stack([0 * along, 3.0 * along - TONGUE_DOWN * along**4, TONGUE_OUT * along**1.5], 1)
    return result


def _rim(refined: Refined, rim: np.ndarray) -> np.ndarray:
    """A rim's vertices and those in the middle of its edges."""
    chosen = set(rim.tolist())
    between = [vertex for (a, b), vertex in refined.edge_vertex.items() if a in chosen and b in chosen]
    return np.array(sorted(chosen) + between)


def _refined(base: Base, quads: np.ndarray, names: np.ndarray) -> tuple[Refined, np.ndarray]:
    """Subdivide the front of the face, throat, ears and teeth; gives also the triangles' parts."""
    x, y, z = base.vertices[quads].mean(1).T
    front = (z > -28) & (np.abs(x) < 62) & (y > -84) & (y < 48)
    throat = (y > -112) & (y < -70) & (z > -52) & (np.abs(x) < 62)
    ear = (np.abs(x) > 60) & (np.abs(y + 8) < 34) & (np.abs(z + 42) < 26)
    inside = np.isin(names, ["mouth", "tongue"])
    chosen = (front | throat | ear | (names != "skin")) & ~inside
    refined = refine(quads, len(base.vertices), chosen)
    return refined, names[refined.face]


def soften(base: Base, quads: np.ndarray, rounds: int = 8) -> np.ndarray:
    """The units (52, V, 3) with smoother displacements beside mouth and eyes, so that cheeks do not crease."""
    count = len(base.vertices)
    free = ease(_from_lips(base), 2.0, 9.0) * ease(_from_eyes(base), 18.0, 26.0)
    free[base.vertices[:, 1] > 10] *= 0.3
    mean = _mean_of_neighbours(quads, count)
    result = base.units.transpose(1, 0, 2).reshape(count, -1).copy()
    for _ in range(rounds):
        result += free[:, None] * (mean @ result - result)
    return result.reshape(count, -1, 3).transpose(1, 0, 2)


def _relaxing(base: Base, quads: np.ndarray, rounds: int = 7) -> csr_matrix:
    """Smooths nose bridge and cheeks of the warped face (V, V), where the warp leaves furrows."""
    x, y, z = base.vertices.T
    free = ease(_from_eyes(base), 17.5, 21.0) * ease(_from_lips(base), 5.0, 12.0) * ease(z, -15.0, 0.0)
    free *= ease(y, 22.0, 10.0) * np.maximum(ease(y, -27.0, -19.0), ease(np.abs(x), 15.0, 22.0)) * (np.abs(x) < 60)
    step = identity(len(x)) + diags(0.7 * free) @ (_mean_of_neighbours(quads, len(x)) - identity(len(x)))
    result = identity(len(x), format="csr")
    for _ in range(rounds):
        result = (step @ result).tocsr()
    return result


def _mean_of_neighbours(quads: np.ndarray, count: int) -> csr_matrix:
    edges = np.concatenate([quads[:, [k, (k + 1) % 4]] for k in range(4)])
    graph = coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), (count, count))
    graph = ((graph + graph.T) > 0).astype(float)
    return (diags(1 / np.maximum(np.asarray(graph.sum(1)).ravel(), 1)) @ graph).tocsr()


def _from_lips(base: Base) -> np.ndarray:
    return cKDTree(base.vertices[base.lips > 0.4]).query(base.vertices)[0]


def _from_eyes(base: Base) -> np.ndarray:
    return np.linalg.norm(base.vertices[:, None] - base.eyes, axis=2).min(1)
