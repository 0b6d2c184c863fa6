"""The software rasteriser of this package: a z-buffer in numba, vertex normals, and spherical-harmonic light.

Kernels take float32 or float64 arrays, of one type per call. Coordinates are pixels, x right, y down, with the first
pixel's centre at 0; depth grows away from the viewer.
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
def rasterise(points: np.ndarray, triangles: np.ndarray, cull: bool, first: int, depth: np.ndarray,
              triangle_at: np.ndarray, weights: np.ndarray) -> None:  # fmt: skip
    """Find the nearest triangle at each pixel, by a z-buffer.

    `points` (V, 3): x, y in px and depth; `triangles` (F, 3). Where triangle f is nearer than `depth` (H, W), which
    starts at FAR, `triangle_at` (H, W) becomes `first` + f and `weights` (H, W, 2) the barycentric weights of its first
    two corners. Of equal depths the earlier triangle wins. `cull` leaves out triangles seen from inside.
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
                        triangle_at[y, x] = first + f
                        weights[y, x, 0] = a
                        weights[y, x, 1] = b
                elif inside:
                    break
                a += a_step
                b += b_step


@njit(cache=True, fastmath=True)
def interpolate(values: np.ndarray, corners: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Vertex values (V, K) at P pixels (P, K), of triangles with corners (P, 3) and `weights` (P, 2)."""
    result = np.empty((corners.shape[0], values.shape[1]), values.dtype)
    for p in range(corners.shape[0]):
        i, j, k = corners[p, 0], corners[p, 1], corners[p, 2]
        a, b = weights[p, 0], weights[p, 1]
        for q in range(values.shape[1]):
            result[p, q] = a * values[i, q] + b * values[j, q] + (1 - a - b) * values[k, q]
    return result


@njit(cache=True, fastmath=True)
def draw_triangles(points: np.ndarray, triangles: np.ndarray, colours: np.ndarray, picture: np.ndarray,
                   depth: np.ndarray, cull: bool) -> None:  # fmt: skip
    """Draw triangles with vertex colours (V, 3) into picture (H, W, 3) and depth (H, W), where they are nearer.

    `depth` starts at FAR. `cull` leaves out triangles seen from inside.
    """
    height, width = depth.shape
    triangle_at = np.full((height, width), -1, np.int32)
    weights = np.empty((height, width, 2), depth.dtype)
    rasterise(points, triangles, cull, 0, depth, triangle_at, weights)
    for y in range(height):
        for x in range(width):
            f = triangle_at[y, x]
            if f >= 0:
                a, b = weights[y, x, 0], weights[y, x, 1]
                i, j, k = triangles[f, 0], triangles[f, 1], triangles[f, 2]
                for q in range(3):
                    picture[y, x, q] = a * colours[i, q] + b * colours[j, q] + (1 - a - b) * colours[k, q]


def draw_depth(points: np.ndarray, triangles: np.ndarray, depth: np.ndarray) -> None:
    """Draw triangles seen from either side into `depth` (H, W), which starts at FAR; no colours."""
    triangle_at, weights = np.empty(depth.shape, np.int32), np.empty((*depth.shape, 2), depth.dtype)
    rasterise(points, triangles, False, 0, depth, triangle_at, weights)
