"""A piece of the character: a triangle mesh in mm with colours or texture coordinates, and its shapes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..face_model.normals import vertex_normals as normals_of

Poses = dict[str, np.ndarray]  # ARKit name -> vertices (N, 3) in mm at 1.0; names without a displacement are absent


@dataclass
class Surface:
    """Counter-clockwise triangles seen from outside."""

    vertices: np.ndarray  # (N, 3) mm
    triangles: np.ndarray  # (F, 3)
    normals: np.ndarray  # (N, 3)
    colour: np.ndarray | None = None  # (N, 3 or 4) linear
    uv: np.ndarray | None = None  # (N, 2), v down as glTF has it
    shapes: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)  # displacement, change of normal


def vertex_normals(vertices: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Unit normals (N, 3), weighted by area; +z for vertices without a triangle, since glTF refuses 0."""
    normals = normals_of(vertices, triangles)
    return np.where(normals.any(axis=1, keepdims=True), normals, [0.0, 0.0, 1.0])


def surface(vertices, triangles, poses: Poses | None = None, keep=None, colour=None, uv=None) -> Surface:
    """Make a surface with normals for the neutral face and every pose; `keep` (F,) selects triangles of the mesh.

    Normals are those of the whole mesh, so that pieces of one mesh have no visible seam.
    """
    normals = vertex_normals(vertices, triangles)
    shapes = {}
    for name, moved in (poses or {}).items():
        shapes[name] = (moved - vertices, vertex_normals(moved, triangles) - normals)
    kept = triangles if keep is None else triangles[keep]
    used, flat = np.unique(kept, return_inverse=True)

    def pick(values: np.ndarray | None) -> np.ndarray | None:
        return None if values is None else values[used]

    return Surface(
        vertices[used], flat.reshape(-1, 3), normals[used], pick(colour), pick(uv),
        {name: (moved[used], turned[used]) for name, (moved, turned) in shapes.items()},
    )  # fmt: skip


def joined(parts: list[Surface]) -> Surface:
    """Join surfaces; either all or none have colours, and the same for texture coordinates."""
    starts = np.cumsum([0] + [len(part.vertices) for part in parts])
    names = sorted({name for part in parts for name in part.shapes})

    def stack(values: list) -> np.ndarray | None:
        return None if values[0] is None else np.concatenate(values)

    def shape(name: str) -> tuple[np.ndarray, np.ndarray]:
        pairs = [part.shapes.get(name, (np.zeros_like(part.vertices),) * 2) for part in parts]
        return np.concatenate([p[0] for p in pairs]), np.concatenate([p[1] for p in pairs])

    return Surface(
        np.concatenate([part.vertices for part in parts]),
        np.concatenate([part.triangles + start for part, start in zip(parts, starts[:-1], strict=True)]),
        np.concatenate([part.normals for part in parts]),
        stack([part.colour for part in parts]), stack([part.uv for part in parts]),
        {name: shape(name) for name in names},
    )  # fmt: skip


def tube(rings: np.ndarray, closed_ends: bool = True) -> np.ndarray:
    """Triangles of a tube of rings (R, K, 3) in order, each counter-clockwise seen from the last one."""
    count, around = rings.shape[:2]
    i, k = np.meshgrid(np.arange(count - 1), np.arange(around), indexing="ij")
    after = (k + 1) % around
    a, b, c, d = i * around + k, i * around + after, (i + 1) * around + k, (i + 1) * around + after
    result = [np.stack([a, b, d], -1).reshape(-1, 3), np.stack([a, d, c], -1).reshape(-1, 3)]
    if closed_ends:
        fan = np.arange(1, around - 1)
        last = (count - 1) * around
        result.append(np.stack([np.zeros_like(fan), fan + 1, fan], -1))
        result.append(np.stack([np.full_like(fan, last), last + fan, last + fan + 1], -1))
    return np.concatenate(result)
