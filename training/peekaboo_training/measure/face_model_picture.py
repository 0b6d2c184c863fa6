"""Pictures of the face model for contact sheets: one light, no texture."""

from __future__ import annotations

import numpy as np

from ..scene.rasterise import FAR, draw_triangles


def turn(yaw: float, pitch: float = 0.0) -> np.ndarray:
    """Rotation (3, 3) of the head: `yaw` to the subject's left, then `pitch` down, degrees."""
    a, b = np.radians([yaw, pitch])
    around_y = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    around_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    return around_x @ around_y


def draw(vertices, triangles, normals, albedo, yaw=0.0, pitch=0.0, size=256, scale=None, centre=None) -> np.ndarray:
    """Draw vertices (V, 3) in mm with normals (V, 3) and linear albedo (V, 3): sRGB uint8 (size, size, 3).

    `centre` is the point in mm at the picture's centre, `scale` px per mm (default: the whole head).
    """
    rotation = turn(yaw, pitch)
    centre = np.array([0.0, 5.0, 60.0]) if centre is None else np.asarray(centre)
    scale = size / 260 if scale is None else scale
    placed = (vertices - centre) @ rotation.T
    points = placed * scale
    points[:, 0] = size / 2 + points[:, 0]
    points[:, 1] = size / 2 - points[:, 1]
    points[:, 2] *= -1
    turned = normals @ rotation.T
    light = np.array([0.35, 0.5, 0.8]) / np.linalg.norm([0.35, 0.5, 0.8])
    shade = 0.35 + 0.85 * np.clip(turned @ light, 0, None) + 0.12 * np.clip(-turned[:, 0], 0, None)
    colours = np.clip(albedo * shade[:, None], 0, 1) ** (1 / 2.2)
    image, depth = np.full((size, size, 3), 0.93), np.full((size, size), float(FAR))
    draw_triangles(points.astype(np.float64), triangles, colours.astype(np.float64), image, depth, cull=True)
    return (image * 255 + 0.5).astype(np.uint8)


def grid(images: list[np.ndarray], columns: int) -> np.ndarray:
    """Arrange images of one size in rows; the rest of the last row is white."""
    height, width = images[0].shape[:2]
    rows = -(-len(images) // columns)
    result = np.full((rows * height, columns * width, 3), 255, np.uint8)
    for n, image in enumerate(images):
        y, x = n // columns * height, n % columns * width
        result[y : y + height, x : x + width] = image
    return result
