"""A small software renderer for looking at the face model: z-buffer, one light, no dependency but numpy."""

from __future__ import annotations

import numpy as np

try:
    from numba import njit
except ImportError:  # slower, same result

    def njit(*args, **kwargs):
        return args[0] if args and callable(args[0]) else lambda function: function


@njit(cache=True)
def _raster(points, triangles, colours, image, depth):
    """Fill image (H, W, 3) and depth (H, W) with the nearest triangles; points (V, 3) in px, z to the viewer."""
    height, width = depth.shape
    for t in range(triangles.shape[0]):
        i, j, k = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        ax, ay, bx, by, cx, cy = points[i, 0], points[i, 1], points[j, 0], points[j, 1], points[k, 0], points[k, 1]
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if area >= 0:  # y runs down: front faces turn clockwise on the screen
            continue
        x0, x1 = max(0, int(min(ax, bx, cx))), min(width - 1, int(max(ax, bx, cx)) + 1)
        y0, y1 = max(0, int(min(ay, by, cy))), min(height - 1, int(max(ay, by, cy)) + 1)
        for y in range(y0, y1 + 1):
            for x in range(x0, x1 + 1):
                u = ((bx - x) * (cy - y) - (by - y) * (cx - x)) / area
                v = ((cx - x) * (ay - y) - (cy - y) * (ax - x)) / area
                w = 1 - u - v
                if u < 0 or v < 0 or w < 0:
                    continue
                z = u * points[i, 2] + v * points[j, 2] + w * points[k, 2]
                if z > depth[y, x]:
                    depth[y, x] = z
                    for c in range(3):
                        image[y, x, c] = u * colours[i, c] + v * colours[j, c] + w * colours[k, c]


def turn(yaw: float, pitch: float = 0.0) -> np.ndarray:
    """Rotation (3, 3) of the head: degrees to the subject's left, then down."""
    a, b = np.radians([yaw, pitch])
    around_y = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    around_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    return around_x @ around_y


def draw(vertices, triangles, normals, albedo, yaw=0.0, pitch=0.0, size=256, scale=None, centre=None) -> np.ndarray:
    """Vertices (V, 3) mm, normals (V, 3), linear albedo (V, 3) -> sRGB image (size, size, 3) uint8.

    centre: point in mm at the image's centre; scale: pixels per mm (the whole head by default).
    """
    rotation = turn(yaw, pitch)
    centre = np.array([0.0, 5.0, 60.0]) if centre is None else np.asarray(centre)
    scale = size / 260 if scale is None else scale
    placed = (vertices - centre) @ rotation.T
    points = placed * scale
    points[:, 0] = size / 2 + points[:, 0]
    points[:, 1] = size / 2 - points[:, 1]
    turned = normals @ rotation.T
    light = np.array([0.35, 0.5, 0.8]) / np.linalg.norm([0.35, 0.5, 0.8])
    shade = 0.35 + 0.85 * np.clip(turned @ light, 0, None) + 0.12 * np.clip(-turned[:, 0], 0, None)
    colours = np.clip(albedo * shade[:, None], 0, 1) ** (1 / 2.2)
    image, depth = np.full((size, size, 3), 0.93), np.full((size, size), -1e9)
    _raster(points.astype(np.float64), np.ascontiguousarray(triangles), colours.astype(np.float64), image, depth)
    return (image * 255 + 0.5).astype(np.uint8)


def grid(images: list[np.ndarray], columns: int) -> np.ndarray:
    """Images of one size -> one picture, row by row; the last row is filled with white."""
    height, width = images[0].shape[:2]
    rows = -(-len(images) // columns)
    result = np.full((rows * height, columns * width, 3), 255, np.uint8)
    for n, image in enumerate(images):
        y, x = n // columns * height, n % columns * width
        result[y : y + height, x : x + width] = image
    return result
