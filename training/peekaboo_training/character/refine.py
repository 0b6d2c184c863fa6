"""Catmull-Clark subdivision of part of a quad mesh, as a matrix that applies to positions and shapes alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix


@dataclass
class Refined:
    """A refined mesh of N vertices, the V of the coarse mesh first."""

    matrix: csr_matrix  # (N, V)
    triangles: np.ndarray  # (F, 3)
    face: np.ndarray  # (F,) the quad each triangle is of
    edge_vertex: dict[tuple[int, int], int]  # (smaller, larger coarse vertex) -> vertex in the middle

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """(V, C) -> (N, C)."""
        return self.matrix @ values


def refine(quads: np.ndarray, count: int, chosen: np.ndarray) -> Refined:
    """Subdivide the `chosen` (Q,) of quads (Q, 4) over `count` vertices; the others become triangles that fit them.

    All vertices have the positions they would have if every quad were subdivided, so that no border is visible.
    """
    edges = np.stack([quads, np.roll(quads, -1, axis=1)], -1)
    keys = np.sort(edges, -1)
    faces_at: dict[tuple[int, int], list[int]] = {}
    for face in range(len(quads)):
        for a, b in keys[face].tolist():
            faces_at.setdefault((a, b), []).append(face)
    split = sorted({tuple(key) for face in np.flatnonzero(chosen) for key in keys[face].tolist()})
    edge_vertex = {key: count + n for n, key in enumerate(split)}
    face_vertex = {face: count + len(split) + n for n, face in enumerate(np.flatnonzero(chosen).tolist())}
    rows = _Rows(count + len(split) + len(face_vertex))
    for face, vertex in face_vertex.items():
        rows.add(vertex, quads[face].tolist(), 0.25)
    for key, vertex in edge_vertex.items():
        around = faces_at[key]
        rows.add(vertex, list(key), 0.25 if len(around) == 2 else 0.5)
        for face in around if len(around) == 2 else ():
            rows.add(vertex, quads[face].tolist(), 1 / 16)
    _place_vertices(rows, quads, faces_at, count)
    triangles, face = _triangles(quads, chosen, edge_vertex, face_vertex)
    return Refined(rows.matrix(count), triangles, face, edge_vertex)


class _Rows:
    def __init__(self, count: int):
        self.count, self.row, self.column, self.value = count, [], [], []

    def add(self, row: int, columns: list[int], value: float) -> None:
        self.row += [row] * len(columns)
        self.column += columns
        self.value += [value] * len(columns)

    def matrix(self, columns: int) -> csr_matrix:
        return coo_matrix((self.value, (self.row, self.column)), (self.count, columns)).tocsr()


def _place_vertices(rows: _Rows, quads: np.ndarray, faces_at: dict, count: int) -> None:
    """Catmull-Clark's rule for the coarse vertices; those at the mesh's border stay where they are."""
    neighbours: dict[int, list[int]] = {}
    border = set()
    for (a, b), around in faces_at.items():
        neighbours.setdefault(a, []).append(b)
        neighbours.setdefault(b, []).append(a)
        if len(around) != 2:
            border |= {a, b}
    faces_of: dict[int, list[int]] = {}
    for face, quad in enumerate(quads.tolist()):
        for vertex in quad:
            faces_of.setdefault(vertex, []).append(face)
    for vertex in range(count):
        if vertex not in neighbours or vertex in border:
            rows.add(vertex, [vertex], 1.0)
            continue
        n = len(neighbours[vertex])
        rows.add(vertex, [vertex], (n - 2) / n)
        rows.add(vertex, neighbours[vertex], 1 / n**2)
        for face in faces_of[vertex]:
            rows.add(vertex, quads[face].tolist(), 0.25 / n**2)


def _triangles(quads, chosen, edge_vertex, face_vertex) -> tuple[np.ndarray, np.ndarray]:
    result, face_of = [], []
    for face, quad in enumerate(quads.tolist()):
        outline = []
        for a, b in zip(quad, quad[1:] + quad[:1], strict=True):
            outline.append(a)
            middle = edge_vertex.get((min(a, b), max(a, b)))
            if middle is not None:
                outline.append(middle)
        if chosen[face]:
            centre = face_vertex[face]
            for n in range(0, 8, 2):
                corner, after, before = outline[n], outline[n + 1], outline[n - 1]
                result += [(corner, after, centre), (corner, centre, before)]
            face_of += [face] * 8
            continue
        # A fan from a vertex in the middle of an edge avoids a degenerate triangle along that edge.
        start = next((n for n, vertex in enumerate(outline) if vertex not in quad), 0)
        outline = outline[start:] + outline[:start]
        result += [(outline[0], a, b) for a, b in zip(outline[1:-1], outline[2:], strict=True)]
        face_of += [face] * (len(outline) - 2)
    return np.array(result), np.array(face_of)
