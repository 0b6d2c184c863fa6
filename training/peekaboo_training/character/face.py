"""The cartoon face in every pose: MakeHuman's units through the warp, refined, with lids laid on the balls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix, diags
from scipy.spatial import cKDTree

from ..face_model.format import EXPRESSION_NAMES
from .base import Base
from .lids import Eye, blink, find_eye, keep_off
from .refine import Refined, refine
from .surface import Poses
from .warp import ease, warp

# How much of MakeHuman's unit a shape takes at 1.0; a cartoon is clearer than a man, but opens its mouth less wide.
GAIN = {
    "jawOpen": 0.8, "mouthSmile": 1.12, "mouthFrown": 1.5, "browDown": 1.5, "browInnerUp": 1.5, "browOuterUp": 1.7,
    "cheekPuff": 1.3, "noseSneer": 1.2, "eyeWide": 0.9, "mouthDimple": 1.3, "mouthPucker": 1.05,
}  # fmt: skip


@dataclass
class Face:
    """N vertices: skin, inside of the mouth, teeth and tongue, refined."""

    neutral: np.ndarray  # (N, 3) mm
    poses: Poses
    refined: Refined
    part: np.ndarray  # (F,) name of each triangle's part
    eyes: list[Eye]  # left, right


def gain(name: str) -> float:
    """For both sides of a shape alike."""
    return GAIN.get(name.removesuffix("Left").removesuffix("Right"), 1.0)


def build_face(base: Base) -> Face:
    """All poses of the face."""
    quads = np.concatenate(list(base.quads.values()))
    names = np.repeat(list(base.quads), [len(q) for q in base.quads.values()])
    refined, part = _refined(base, quads, names)
    units = soften(base, quads)
    neutral = refined(warp(base.vertices))
    eyes = [find_eye(neutral, *(_rim(refined, rim) for rim in base.rims[n]), side) for n, side in enumerate((1, -1))]
    skin = np.unique(refined.triangles[part == "skin"])
    neutral[skin] = keep_off(neutral[skin], eyes)
    poses = {}
    for name, unit in zip(EXPRESSION_NAMES, units):
        if name.startswith("eyeBlink"):
            poses[name] = neutral.copy()
            poses[name][skin] = blink(neutral, eyes["LR".index(name[8])])[skin]
            continue
        moved = refined(warp(base.vertices + gain(name) * unit))
        moved[skin] = keep_off(moved[skin], eyes)
        poses[name] = moved
    return Face(neutral, poses, refined, part, eyes)


def _rim(refined: Refined, rim: np.ndarray) -> np.ndarray:
    """A rim's vertices and those in the middle of its edges."""
    chosen = set(rim.tolist())
    between = [vertex for (a, b), vertex in refined.edge_vertex.items() if a in chosen and b in chosen]
    return np.array(sorted(chosen) + between)


def _refined(base: Base, quads: np.ndarray, names: np.ndarray) -> tuple[Refined, np.ndarray]:
    """Subdivided where it is looked at: the face's front, ears, all inside the mouth; and the triangles' parts."""
    x, y, z = base.vertices[quads].mean(1).T
    front = (z > -28) & (np.abs(x) < 62) & (y > -84) & (y < 48)
    ear = (np.abs(x) > 60) & (np.abs(y + 8) < 34) & (np.abs(z + 42) < 26)
    inside = np.isin(names, ["mouth", "tongue"])
    chosen = (front | ear | (names != "skin")) & ~inside
    refined = refine(quads, len(base.vertices), chosen)
    return refined, names[refined.face]


def soften(base: Base, quads: np.ndarray, rounds: int = 8) -> np.ndarray:
    """The units (52, V, 3) with smoother displacements beside mouth and eyes, so that cheeks do not crease."""
    count = len(base.vertices)
    edges = np.concatenate([quads[:, [k, (k + 1) % 4]] for k in range(4)])
    graph = coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), (count, count))
    graph = ((graph + graph.T) > 0).astype(float)
    mean = diags(1 / np.maximum(np.asarray(graph.sum(1)).ravel(), 1)) @ graph
    lips = base.vertices[base.lips > 0.4]
    free = ease(cKDTree(lips).query(base.vertices)[0], 2.0, 9.0)
    for eye in base.eyes:
        free = free * ease(np.linalg.norm(base.vertices - eye, axis=1), 18.0, 26.0)
    free[base.vertices[:, 1] > 10] *= 0.3
    result = base.units.transpose(1, 0, 2).reshape(count, -1).copy()
    for _ in range(rounds):
        result += free[:, None] * (mean @ result - result)
    return result.reshape(count, -1, 3).transpose(1, 0, 2)
