"""Loop subdivision of a triangle mesh, as a sparse matrix."""

from __future__ import annotations

import numpy as np


def loop_subdivision(triangles: np.ndarray, count: int) -> tuple[np.ndarray, object]:
    """Subdivide triangles (F, 3): finer triangles (4F, 3), and the sparse matrix (N, count) of the new vertices.

    Loop's scheme (1987) with 40 % of its smoothing at old vertices; rim vertices stay in place.
    """
    from scipy.sparse import csr_matrix

    sides = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    opposite = np.concatenate([triangles[:, 2], triangles[:, 0], triangles[:, 1]])
    edges, edge_of, uses = np.unique(np.sort(sides, 1), axis=0, return_inverse=True, return_counts=True)
    edge_of = edge_of.ravel()
    rim = uses == 1
    new = count + np.arange(len(edges))
    ends = np.where(rim, 0.5, 0.375)
    rows = [np.repeat(new, 2), new[edge_of][~rim[edge_of]]]
    columns = [edges.ravel(), opposite[~rim[edge_of]]]
    values = [np.repeat(ends, 2), np.full(len(columns[1]), 0.125)]
    degree = np.bincount(edges.ravel(), minlength=count)
    on_rim = np.zeros(count, bool)
    on_rim[edges[rim].ravel()] = True
    beta = np.where(on_rim, 0, (5 / 8 - (3 / 8 + np.cos(2 * np.pi / np.maximum(degree, 1)) / 4) ** 2)
                    / np.maximum(degree, 1))  # fmt: skip
    # Fingers have few vertices around and would become thin with full smoothing.
    beta = beta * 0.4
    for a, b in ((0, 1), (1, 0)):
        rows.append(edges[:, a])
        columns.append(edges[:, b])
        values.append(beta[edges[:, a]])
    rows.append(np.arange(count))
    columns.append(np.arange(count))
    values.append(1 - beta * degree)
    matrix = csr_matrix((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))),
                        (count + len(edges), count))  # fmt: skip
    ab, bc, ca = (new[edge_of[k * len(triangles) : (k + 1) * len(triangles)]] for k in range(3))
    a, b, c = triangles.T
    fine = np.concatenate([np.stack(t, 1) for t in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))])
    return fine, matrix
