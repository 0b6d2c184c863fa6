"""Solid things before a face: lit bodies of random shape, boards and doors, bars, rods, and veils."""

from __future__ import annotations

import cv2
import numpy as np

from ..settings import CROP_SIZE
from .cloth import cloth, plain_colour, smooth_noise
from .material import Material
from .paste import FaceView, Layer, fill, polygon

_YS, _XS = np.mgrid[:CROP_SIZE, :CROP_SIZE].astype(np.float32)
_FAR = 2.0 * CROP_SIZE
_EYES = [[33, 133], [263, 362]]


def solid(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw a lit body: a random outline that is inflated, coloured by a matcap or a texture under one light."""
    alpha = polygon(_outline(rng, face))
    normal = _inflated(rng, alpha, float(rng.uniform(0.1, 0.6)) * face.size)
    if material.normals and rng.random() < 0.5:
        normal = _rough(rng, material, normal)
    if material.matcaps and rng.random() < 0.6:
        colour = _matcap(rng, material, normal)
    else:
        light = rng.normal(0, 1, 3) * [1, 1, 0.3] + [0, -0.5, 1.2]
        shade = np.clip((normal @ (light / np.linalg.norm(light))), 0, 1)
        colour = cloth(rng, material) * (rng.uniform(0.25, 0.6) + 0.8 * shade)[..., None]
        gloss = np.clip(shade, 0, 1)[..., None] ** rng.uniform(10, 60)
        colour = colour + rng.choice([0, 0, 90, 180]) * gloss
    return fill(alpha, np.clip(colour, 0, 255))


def _outline(rng: np.random.Generator, face: FaceView) -> np.ndarray:
    """Give the outline (K, 2), px, of a rounded, long or lobed body somewhere over the face."""
    turn = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    power = rng.choice([2.0, rng.uniform(2.2, 6)])
    x, y = (np.sign(f(turn)) * np.abs(f(turn)) ** (2 / power) for f in (np.cos, np.sin))
    lobes = 1 + sum(rng.normal(0, 0.09) * np.cos(k * turn + rng.uniform(0, 6)) for k in range(2, 6))
    reach = face.size * np.exp(rng.uniform(np.log(0.08), np.log(0.4)))
    width, height = reach, reach * np.exp(rng.uniform(-0.4, 1.4))
    shape = np.stack([x * width * lobes, y * height * lobes], 1)
    angle = rng.uniform(0, np.pi)
    c, s = np.cos(angle), np.sin(angle)
    target = face.points[rng.integers(468), :2] + rng.normal(0, 0.1 * face.size, 2)
    return target + shape @ np.array([[c, s], [-s, c]])


def _inflated(rng: np.random.Generator, alpha: np.ndarray, round_px: float) -> np.ndarray:
    """Give unit normals (S, S, 3), y down, of an outline whose edge is rounded over `round_px`."""
    inside = cv2.distanceTransform((alpha > 127).astype(np.uint8), cv2.DIST_L2, 3)
    away = np.clip(1 - inside / max(round_px, 2), 0, 1)
    height = cv2.GaussianBlur(np.sqrt(np.clip(1 - away**2, 0, 1)) * round_px, (0, 0), 1.5)
    height = height + smooth_noise(rng, int(rng.integers(3, 9)), rng.uniform(0, 0.05) * round_px)
    return _unit(-cv2.Sobel(height, cv2.CV_32F, 1, 0, scale=1 / 8), -cv2.Sobel(height, cv2.CV_32F, 0, 1, scale=1 / 8))


def _unit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Make unit normals of slopes x, y over z = 1."""
    normal = np.stack([x, y, np.ones_like(x)], -1)
    return normal / np.linalg.norm(normal, axis=-1, keepdims=True)


def _rough(rng: np.random.Generator, material: Material, normal: np.ndarray) -> np.ndarray:
    """Add the details of a normal map."""
    picture = material.normals[rng.integers(len(material.normals))]
    side = int(rng.integers(min(picture.shape[:2]) // 3, min(picture.shape[:2]) + 1))
    part = cv2.resize(picture[:side, :side], (CROP_SIZE, CROP_SIZE), interpolation=cv2.INTER_AREA)
    slope = (part[..., :2].astype(np.float32) / 127.5 - 1) * rng.uniform(0.3, 1)
    return _unit(normal[..., 0] / normal[..., 2] + slope[..., 0], normal[..., 1] / normal[..., 2] - slope[..., 1])


def _matcap(rng: np.random.Generator, material: Material, normal: np.ndarray) -> np.ndarray:
    """Look up colours (S, S, 3), 0..255, by the normal in a turned matcap, at times recoloured."""
    ball = material.matcaps[rng.integers(len(material.matcaps))]
    if rng.random() < 0.5:
        ball = ball[:, ::-1]
    half = (ball.shape[0] - 1) / 2
    x, y = (np.ascontiguousarray(half + 0.97 * half * normal[..., k], np.float32) for k in (0, 1))
    colour = cv2.remap(np.ascontiguousarray(ball), x, y, cv2.INTER_LINEAR).astype(np.float32)
    if rng.random() < 0.4:
        colour = colour.mean(2, keepdims=True) * (plain_colour(rng) / 140)
    return colour


def board(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw a straight-edged surface that reaches in from one side: a door, a book, paper, a screen, a wall's corner.

    It hides between a fifth and three fifths of the face.
    """
    angle = rng.choice([0, np.pi / 2, np.pi, 1.5 * np.pi], p=[0.35, 0.2, 0.35, 0.1]) + rng.normal(0, 0.12)
    towards, along = face.direction(np.cos(angle), np.sin(angle)), face.direction(-np.sin(angle), np.cos(angle))
    edge = face.centre + towards * face.size * rng.uniform(-0.12, 0.3)
    if rng.random() < 0.5:
        start, end = edge + along * _FAR, edge - along * _FAR
    else:  # a corner of a book or a sheet
        start = edge + along * face.size * rng.uniform(0.2, 0.6)
        end = edge - along * (face.size * rng.uniform(0.2, 0.6) if rng.random() < 0.5 else _FAR)
    alpha = polygon(np.array([start, end, end + towards * _FAR, start + towards * _FAR]))
    surface = cloth(rng, material, folds=rng.uniform(0.01, 0.08))
    rise = ((_XS - edge[0]) * towards[0] + (_YS - edge[1]) * towards[1]) / face.size
    surface = surface * (1 + rng.uniform(-0.3, 0.3) * np.clip(rise, 0, 1))[..., None]
    if rng.random() < 0.4:  # a frame or the thickness of its edge
        surface = np.where((rise < rng.uniform(0.02, 0.08))[..., None], plain_colour(rng), surface)
    return fill(alpha, np.clip(surface, 0, 255))


def bars(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw parallel bars, a fence or a lattice over the whole picture."""
    del material
    tilt = rng.choice([0, np.pi / 2], p=[0.7, 0.3]) + rng.normal(0, 0.08)
    alpha = np.zeros((CROP_SIZE, CROP_SIZE), np.uint8)
    light = np.zeros((CROP_SIZE, CROP_SIZE), np.float32)
    gap, thick = face.size * rng.uniform(0.16, 0.45), face.size * rng.uniform(0.025, 0.08)
    for angle in (tilt, tilt + np.pi / 2) if rng.random() < 0.2 else (tilt,):
        right, along = face.direction(np.cos(angle), np.sin(angle)), face.direction(-np.sin(angle), np.cos(angle))
        for k in range(-5, 6):
            middle = face.centre + right * (gap * (k + rng.uniform(-0.05, 0.05)) + rng.uniform(-0.5, 0.5) * 0.1 * gap)
            corners = np.array([middle - along * _FAR, middle + along * _FAR])
            alpha = np.maximum(alpha, _line(corners, thick))
            across = ((_XS - middle[0]) * right[0] + (_YS - middle[1]) * right[1]) / (0.5 * thick)
            light = np.where(np.abs(across) <= 1, np.sqrt(np.clip(1 - (across - 0.3) ** 2, 0, 1)), light)
    colour = plain_colour(rng) * (0.45 + 0.75 * light[..., None])
    return fill(alpha, np.clip(colour, 0, 255))


def rod(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw a thin thing at mouth, nose or cheek: a flute, a pen, a brush, a straw, a fork; at times two."""
    del material
    p = face.points[:, :2]
    layer = None
    for _ in range(1 + (rng.random() < 0.25)):
        at = p[rng.choice([13, 14, 61, 291, 0, 17, 2, 50, 280, 9])] + rng.normal(0, 0.05 * face.size, 2)
        angle = rng.choice([0, np.pi, rng.uniform(0, 2 * np.pi)]) + rng.normal(0, 0.25)
        along = face.direction(np.cos(angle), np.sin(angle))
        back = face.size * rng.choice([0.0, rng.uniform(0, 0.4)])
        ends = np.array([at - along * back, at + along * face.size * rng.uniform(0.35, 1.6)])
        thick = face.size * rng.uniform(0.018, 0.075)
        alpha = _line(ends, thick)
        across = ((_XS - at[0]) * -along[1] + (_YS - at[1]) * along[0]) / (0.5 * thick)
        light = 0.5 + 0.6 * np.sqrt(np.clip(1 - (across - rng.uniform(-0.5, 0.5)) ** 2, 0, 1))
        reach = ((_XS - at[0]) * along[0] + (_YS - at[1]) * along[1]) / face.size
        rings = np.sin(reach * rng.uniform(20, 60)) > rng.uniform(0.5, 1.5)
        colour = np.where(rings[..., None], plain_colour(rng), plain_colour(rng)) * light[..., None]
        one = fill(alpha, np.clip(colour, 0, 255))
        layer = one if layer is None else one.over(layer)
    return layer


def _line(ends: np.ndarray, thick: float) -> np.ndarray:
    """Draw a line with square ends, px, as alpha uint8 (S, S)."""
    along = ends[1] - ends[0]
    side = np.array([-along[1], along[0]]) / max(np.linalg.norm(along), 1e-6) * thick / 2
    return polygon(np.array([ends[0] + side, ends[1] + side, ends[1] - side, ends[0] - side]))


def veil(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw cloth over the whole face but for the eyes: a niqab, a balaclava, a scarf wound up to the eyes."""
    p = face.points[:, :2]
    right, down = face.direction(1, 0), face.direction(0, 1)
    eyes = [p[pair].mean(0) for pair in _EYES]
    middle = 0.5 * (eyes[0] + eyes[1])
    half = 0.5 * np.linalg.norm(eyes[1] - eyes[0])
    wide = half * rng.uniform(1.6, 2.1)
    high, low = face.size * rng.uniform(0.05, 0.13), face.size * rng.uniform(0.05, 0.1)
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    power = rng.uniform(2, 5)
    x, y = (np.sign(f(turn)) * np.abs(f(turn)) ** (2 / power) for f in (np.cos, np.sin))
    slit = middle + np.outer(x * wide, right) + np.outer(np.where(y < 0, y * high, y * low), down)
    outer = face.centre + np.outer(np.cos(turn) * face.size * rng.uniform(0.5, 0.75), right)
    outer = outer + np.outer(np.sin(turn) * face.size * rng.uniform(0.62, 0.85), down)
    cover = polygon(outer)
    shoulders = [face.centre - right * face.size * 0.5, face.centre + right * face.size * 0.5]
    fall = down * _FAR
    body = np.array([*shoulders, shoulders[1] + fall + right * 60, shoulders[0] + fall - right * 60])
    cover = np.maximum(cover, polygon(body))
    if rng.random() < 0.35:  # two holes instead of a slit
        holes = [polygon(eye + np.outer(x * half * 0.62, right) + np.outer(y * low, down)) for eye in eyes]
        hole = np.maximum(*holes)
    else:
        hole = polygon(slit)
    surface = cloth(rng, material, folds=rng.uniform(0.08, 0.25))
    depth = cv2.GaussianBlur(hole, (0, 0), face.size * 0.03).astype(np.float32) / 255
    surface = surface * (1 - rng.uniform(0, 0.5) * depth)[..., None]
    return fill(np.minimum(cover, 255 - hole), np.clip(surface, 0, 255))
