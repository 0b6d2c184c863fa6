"""Choice of the vertices that belong to the head, by MakeHuman's mask pictures."""

from __future__ import annotations

import numpy as np
from PIL import Image

from .makehuman import PART_OF_GROUP, BaseMesh
from .mesh import PART
from .normals import vertex_normals

NOSE_TIP = 5054  # MakeHuman's vertex


def quads_of(base: BaseMesh, group: str) -> np.ndarray:
    """Quads (Q, 4) of a group of the base mesh."""
    return np.array([ids for name, ids, _ in base.faces if name == group])


def eye_centres(base: BaseMesh) -> np.ndarray:
    """Centres (2, 3) of MakeHuman's left and right eyeball, mm."""
    return np.stack([base.vertices[np.unique(quads_of(base, f"helper-{side}-eye"))].mean(0) for side in "lr"])


def texture_mask(base: BaseMesh, name: str) -> np.ndarray:
    """A mask picture of MakeHuman's at the vertices of the body: (19158,) 0..1, the largest over seams."""
    image = np.asarray(Image.open(base.root / f"mpfb2/textures/mpfb_{name}.jpg").convert("L")) / 255.0
    height, width = image.shape
    result = np.zeros(len(base.vertices))
    for group, ids, corners in base.faces:
        if group == "body":
            uv = base.uv[corners]
            rows = np.clip(((1 - uv[:, 1]) * height).astype(int), 0, height - 1)
            columns = np.clip((uv[:, 0] * width).astype(int), 0, width - 1)
            np.maximum.at(result, ids, image[rows, columns])
    return result


def socket(base: BaseMesh, rows: int) -> np.ndarray:
    """Mask of the eye sockets: the inner side of the lids and behind it, except for `rows` rows next to the rim."""
    quads = quads_of(base, "body")
    normals = vertex_normals(base.vertices, np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]))
    inner = faces_eye(base.vertices, normals, eye_centres(base), 19.0, 0.15)
    for _ in range(rows):
        touches = np.zeros(len(inner), bool)
        touches[quads[~inner[quads].all(1)]] = True
        inner &= ~touches
    return inner


def faces_eye(vertices, normals, centres, reach: float, least: float) -> np.ndarray:
    """Mask (V,): within `reach` mm of an eye's centre and turned towards it (cosine above `least`)."""
    toward = centres[:, None] - vertices
    distance = np.linalg.norm(toward, axis=2)
    cosine = (toward * normals).sum(2) / np.maximum(distance, 1e-9)
    return ((distance < reach) & (cosine > least)).any(0)


def choose_vertices(base: BaseMesh) -> tuple[np.ndarray, np.ndarray]:
    """Vertices of the base mesh that the head keeps (B,), rising, and their parts (B,)."""
    at = base.vertices - base.vertices[NOSE_TIP]
    x, y, z = np.abs(at[:, 0]), at[:, 1], at[:, 2]
    part = np.full(len(at), -1)
    for group, ids, _ in base.faces:
        part[ids] = PART["mouth"] if group == "body" else -1 if "eye" in group else PART[PART_OF_GROUP[group]]
    body = part == PART["mouth"]
    inside = body & (texture_mask(base, "inside-mouth") > 0.5)
    ear = body & (texture_mask(base, "ears") > 0.25) & (x > 55)
    part[body & ~inside] = PART["face"]
    part[body & ~inside & (ear | (z < -82) | (y < -78))] = PART["head"]
    behind = 92 + 14 * np.exp(-(((y - 15) / 40) ** 2)) - 12 * (y > 100)
    keep = body & ~inside & (((z > -behind) & (y > -93) & (y + 0.2 * z < 103)) | (ear & (z > -133)))
    keep &= ~socket(base, 2)
    keep |= inside & (z > -62)
    keep |= (part == PART["teeth"]) | ((part == PART["tongue"]) & (z > -62))
    quads = np.array([ids for _, ids, _ in base.faces])
    used = np.zeros(len(at), bool)
    kept = keep[quads]
    enough = kept.sum(1) >= 3
    used[quads[enough][kept[enough]]] = True
    ids = np.flatnonzero(used)
    return ids, part[ids]
