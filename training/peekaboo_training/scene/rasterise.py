"""A z-buffer in numba: lit triangles with a colour per vertex, for training pictures.

All kernels work on float32 arrays. Coordinates are pixels with the first centre at 0; depth grows away from the viewer.
"""

from __future__ import annotations

import numpy as np
from numba import njit

FAR = np.float32(1e9)


@njit(cache=True)
def vertex_normals(vertices: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Give unit normals (V, 3), weighted by area, of counter-clockwise triangles (F, 3)."""
    normals = np.zeros_like(vertices)
    for f in range(triangles.shape[0]):
        i, j, k = triangles[f, 0], triangles[f, 1], triangles[f, 2]
        ax, ay, az = vertices[j, 0] - vertices[i, 0], vertices[j, 1] - vertices[i, 1], vertices[j, 2] - vertices[i, 2]
        bx, by, bz = vertices[k, 0] - vertices[i, 0], vertices[k, 1] - vertices[i, 1], vertices[k, 2] - vertices[i, 2]
        nx, ny, nz = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
        for v in (i, j, k):
            normals[v, 0] += nx
            normals[v, 1] += ny
            normals[v, 2] += nz
    for v in range(normals.shape[0]):
        length = np.sqrt(normals[v, 0] ** 2 + normals[v, 1] ** 2 + normals[v, 2] ** 2)
        if length > 1e-9:
            normals[v] /= length
    return normals


@njit(cache=True, fastmath=True)
def lit_colours(albedo: np.ndarray, normals: np.ndarray, light: np.ndarray, base: float, gamma: float) -> np.ndarray:
    """Give values (V, 3), 0..1, of linear albedo (V, 3), camera-space normals, under light (3, 9); see `light.py`."""
    colours = np.empty_like(albedo)
    basis = np.empty(9, np.float32)
    for v in range(albedo.shape[0]):
        x, y, z = normals[v, 0], normals[v, 1], normals[v, 2]
        basis[0], basis[1], basis[2], basis[3] = 0.282095, 0.488603 * y, 0.488603 * z, 0.488603 * x
        basis[4], basis[5], basis[6] = 1.092548 * x * y, 1.092548 * y * z, 0.315392 * (3 * z * z - 1)
        basis[7], basis[8] = 1.092548 * x * z, 0.546274 * (x * x - y * y)
        for c in range(3):
            total = base * basis[0]
            for k in range(9):
                total += light[c, k] * basis[k]
            colours[v, c] = min(max(albedo[v, c] * total, 0.0), 1.0) ** (1 / gamma)
    return colours


@njit(cache=True, fastmath=True)
def draw_triangles(points: np.ndarray, triangles: np.ndarray, colours: np.ndarray, picture: np.ndarray,
                   depth: np.ndarray, cull: bool) -> None:  # fmt: skip
    """Draw into picture (H, W, 3) and depth (H, W, starting at FAR) what lies nearer than what is there.

    `cull` leaves out triangles seen from inside.
    """
    height, width = depth.shape
    for f in range(triangles.shape[0]):
        i, j, k = triangles[f, 0], triangles[f, 1], triangles[f, 2]
        x0, y0, x1, y1, x2, y2 = points[i, 0], points[i, 1], points[j, 0], points[j, 1], points[k, 0], points[k, 1]
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if abs(area) < 1e-9 or (cull and area > 0):
            continue
        scale = 1 / area
        left, right = max(int(np.ceil(min(x0, x1, x2))), 0), min(int(np.floor(max(x0, x1, x2))), width - 1)
        top, bottom = max(int(np.ceil(min(y0, y1, y2))), 0), min(int(np.floor(max(y0, y1, y2))), height - 1)
        a_step, b_step = (y1 - y2) * scale, (y2 - y0) * scale
        for y in range(top, bottom + 1):
            a = ((x1 - left) * (y2 - y) - (x2 - left) * (y1 - y)) * scale
            b = ((x2 - left) * (y0 - y) - (x0 - left) * (y2 - y)) * scale
            inside = False
            for x in range(left, right + 1):
                c = 1 - a - b
                if a >= -1e-6 and b >= -1e-6 and c >= -1e-6:
                    inside = True
                    z = a * points[i, 2] + b * points[j, 2] + c * points[k, 2]
                    if z < depth[y, x]:
                        depth[y, x] = z
                        for q in range(3):
                            picture[y, x, q] = a * colours[i, q] + b * colours[j, q] + c * colours[k, q]
                elif inside:
                    break
                a += a_step
                b += b_step
