"""Numba kernels of the portrait renderer: textured blending, which `scene.rasterise` does not offer, and irradiance.

Pixels: the centre of the first one is (0, 0). Depth grows away from the viewer. All floats are float32.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, fastmath=True)
def irradiance(normals: np.ndarray, light: np.ndarray, floor: np.ndarray) -> np.ndarray:
    """Evaluate light (3, 9), three colours of spherical harmonics, at unit normals (N, 3): (N, 3), at least `floor`."""
    result = np.empty((len(normals), 3), np.float32)
    for n in range(len(normals)):
        x, y, z = normals[n, 0], normals[n, 1], normals[n, 2]
        for c in range(3):
            k = light[c]
            value = 0.282095 * k[0] + 0.488603 * (k[1] * y + k[2] * z + k[3] * x)
            value += 1.092548 * (k[4] * x * y + k[5] * y * z + k[7] * x * z)
            value += 0.315392 * k[6] * (3 * z * z - 1) + 0.546274 * k[8] * (x * x - y * y)
            result[n, c] = max(value, floor[c])
    return result


@njit(cache=True, inline="always")
def _span(a: float, b: float, c: float, length: int) -> tuple[int, int]:
    """First and last pixel, within `length`, between the smallest and the largest of three coordinates."""
    return max(int(np.ceil(min(a, b, c))), 0), min(int(np.floor(max(a, b, c))), length - 1)


@njit(cache=True, fastmath=True)
def blend_triangles(points: np.ndarray, triangles: np.ndarray, textured: np.ndarray, uv: np.ndarray,
                    colours: np.ndarray, opacity: np.ndarray, texture: np.ndarray, tags: np.ndarray,
                    bias: float, solid: float, picture: np.ndarray, depth: np.ndarray,
                    tag: np.ndarray) -> None:  # fmt: skip
    """Blend triangles (F, 3) over a picture (H, W, 4) where they are nearer than depth (H, W).

    The picture holds linear RGB and the share of own hair or headwear, which triangles without a texture lack.
    points (V, 3) px; uv (V, 2) texture px; texture (h, w, 5) linear RGB, alpha and that share. colours (V, 3)
    multiply the texture where `textured` (F,), else they are the colour. opacity (V,) multiplies alpha. `bias` px is
    taken off the depth that is tested and kept. Depth and tag (H, W) uint8, from tags (F,), are written only where
    alpha exceeds `solid`.
    """
    height, width = depth.shape
    last_u, last_v = np.float32(texture.shape[1] - 1.001), np.float32(texture.shape[0] - 1.001)
    for f in range(len(triangles)):
        i, j, k = triangles[f, 0], triangles[f, 1], triangles[f, 2]
        oi, oj, ok = opacity[i], opacity[j], opacity[k]
        if oi + oj + ok <= 0.01:
            continue
        x0, y0, x1, y1, x2, y2 = points[i, 0], points[i, 1], points[j, 0], points[j, 1], points[k, 0], points[k, 1]
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if abs(area) < 1e-9:
            continue
        left, right = _span(x0, x1, x2, width)
        top, bottom = _span(y0, y1, y2, height)
        scale = 1 / area
        a_step, b_step = (y1 - y2) * scale, (y2 - y0) * scale
        z0, z1, z2 = points[i, 2] - bias, points[j, 2] - bias, points[k, 2] - bias
        for y in range(top, bottom + 1):
            a = ((x1 - left) * (y2 - y) - (x2 - left) * (y1 - y)) * scale - a_step
            b = ((x2 - left) * (y0 - y) - (x0 - left) * (y2 - y)) * scale - b_step
            for x in range(left, right + 1):
                a += a_step
                b += b_step
                c = 1 - a - b
                if a < -1e-6 or b < -1e-6 or c < -1e-6:
                    continue
                z = a * z0 + b * z1 + c * z2
                if z >= depth[y, x]:
                    continue
                alpha = a * oi + b * oj + c * ok
                red = a * colours[i, 0] + b * colours[j, 0] + c * colours[k, 0]
                green = a * colours[i, 1] + b * colours[j, 1] + c * colours[k, 1]
                blue = a * colours[i, 2] + b * colours[j, 2] + c * colours[k, 2]
                own = np.float32(0)
                if textured[f]:
                    u = min(max(a * uv[i, 0] + b * uv[j, 0] + c * uv[k, 0], 0), last_u)
                    v = min(max(a * uv[i, 1] + b * uv[j, 1] + c * uv[k, 1], 0), last_v)
                    ui, vi = int(u), int(v)
                    fu, fv = u - ui, v - vi
                    w0, w1, w2, w3 = (1 - fu) * (1 - fv), fu * (1 - fv), (1 - fu) * fv, fu * fv
                    t0, t1 = texture[vi, ui], texture[vi, ui + 1]
                    t2, t3 = texture[vi + 1, ui], texture[vi + 1, ui + 1]
                    alpha *= w0 * t0[3] + w1 * t1[3] + w2 * t2[3] + w3 * t3[3]
                    red *= w0 * t0[0] + w1 * t1[0] + w2 * t2[0] + w3 * t3[0]
                    green *= w0 * t0[1] + w1 * t1[1] + w2 * t2[1] + w3 * t3[1]
                    blue *= w0 * t0[2] + w1 * t1[2] + w2 * t2[2] + w3 * t3[2]
                    own = w0 * t0[4] + w1 * t1[4] + w2 * t2[4] + w3 * t3[4]
                if alpha <= 0.02:
                    continue
                alpha = min(alpha, 1)
                picture[y, x, 0] += alpha * (red - picture[y, x, 0])
                picture[y, x, 1] += alpha * (green - picture[y, x, 1])
                picture[y, x, 2] += alpha * (blue - picture[y, x, 2])
                picture[y, x, 3] += alpha * (own - picture[y, x, 3])
                if alpha > solid:
                    depth[y, x] = z
                    tag[y, x] = tags[f]
