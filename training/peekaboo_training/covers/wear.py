"""Covers that people wear: face masks, sunglasses, hats, scarves. All are placed by the face's points."""

from __future__ import annotations

import cv2
import numpy as np

from ..settings import CROP_SIZE
from .cloth import cloth, plain_colour, smooth_noise
from .glasses import drawn_spectacles, drawn_sunglasses, lens_hue
from .material import MaskTemplate, Material, Sprite
from .paste import FaceView, Layer, fill, layer_of_rgba, polygon, warp_sprite

_JAW = [234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454]
_TURNED_ENOUGH = 0.22


def face_mask(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw a face mask: a photographed template, by the way the head is turned, or a drawn one."""
    side = "left" if face.yaw < 0 else "right"
    wanted = side if abs(face.yaw) > _TURNED_ENOUGH else "front"
    fitting = [mask for mask in material.masks if mask.side == wanted]
    if fitting and rng.random() < (0.6 if wanted != "front" else 0.1):
        return _template_mask(rng, fitting[rng.integers(len(fitting))], face)
    return _drawn_mask(rng, material, face)


def _template_mask(rng: np.random.Generator, template: MaskTemplate, face: FaceView) -> Layer:
    p = face.points[:, :2]
    rise = rng.uniform(0.1, 0.9)
    targets = np.array([
        0.5 * (p[227] + p[234]), (1 - rise) * p[4] + rise * p[168], 0.5 * (p[447] + p[454]),
        p[172], p[152] + 0.25 * (p[152] - p[17]), p[397],
    ]) + rng.normal(0, 0.012 * face.size, (6, 2))  # fmt: skip
    picture, anchors = template.sprite.levels[0], template.anchors
    while picture.shape[1] > 2.2 * face.size:
        picture = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        anchors = anchors * 0.5
    joined = np.zeros((CROP_SIZE, CROP_SIZE, 4), np.uint8)
    for corners, start, stop in (((0, 1, 4, 3), 0, anchors[1, 0]), ((1, 2, 5, 4), anchors[1, 0], picture.shape[1])):
        half = np.zeros_like(picture)
        columns = slice(max(int(start) - 1, 0), int(stop) + 3)
        half[:, columns] = picture[:, columns]
        ids = list(corners)
        homography = cv2.getPerspectiveTransform(anchors[ids].astype(np.float32), targets[ids].astype(np.float32))
        np.maximum(joined, cv2.warpPerspective(half, homography, (CROP_SIZE, CROP_SIZE)), out=joined)
    layer = layer_of_rgba(joined)
    if rng.random() < 0.5:
        layer.colour = layer.colour.mean(2, keepdims=True) * (plain_colour(rng) / 180)
        layer.colour = np.minimum(layer.colour, 255 * layer.alpha[..., None])
    return layer


def _drawn_mask(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw a mask from cheek to cheek, from the nose to below the chin, with pleats and ear loops."""
    p = face.points[:, :2]
    rise = rng.uniform(-0.1, 0.95)
    nose = (1 - rise) * p[4] + rise * p[6]
    cut = int(rng.integers(0, 4))
    jaw = p[_JAW[cut : len(_JAW) - cut]]
    grow = 1 + rng.uniform(0.0, 0.08)
    jaw = face.centre + (jaw - face.centre) * grow
    low = rng.uniform(0.0, 0.08) * face.size * face.direction(0, 1)
    jaw = jaw + np.outer(np.sin(np.linspace(0, np.pi, len(jaw))) ** 2, low)
    cheek_right = 0.5 * (jaw[0] + nose) + rng.uniform(-0.03, 0.06) * face.size * face.direction(0, 1)
    cheek_left = 0.5 * (jaw[-1] + nose) + (cheek_right - 0.5 * (jaw[0] + nose))
    outline = rounded(np.concatenate([jaw, [cheek_left, nose, cheek_right]]))
    surface = _mask_colour(rng, material) * _mask_shade(rng, face)[..., None]
    alpha = polygon(outline)
    if rng.random() < 0.7:
        for corner, ear in ((jaw[0], p[127]), (jaw[-1], p[356])):
            ends = (np.array([corner, ear]) * 16).round().astype(int)
            start, end = (tuple(map(int, place)) for place in ends)
            cv2.line(alpha, start, end, 255, int(rng.integers(1, 3)), cv2.LINE_AA, 4)
    return fill(alpha, np.clip(surface, 0, 255))


def _mask_colour(rng: np.random.Generator, material: Material) -> np.ndarray:
    choice = rng.random()
    if choice < 0.3:
        return np.full((1, 1, 3), rng.uniform(200, 250), np.float32)
    if choice < 0.55:
        base = np.array([[150, 195, 225], [170, 215, 215], [120, 170, 215], [235, 190, 205]])[rng.integers(4)]
        return (base + rng.normal(0, 10, 3)).astype(np.float32).reshape(1, 1, 3)
    if choice < 0.7:
        return np.full((1, 1, 3), rng.uniform(10, 60), np.float32)
    return cloth(rng, material)


def _mask_shade(rng: np.random.Generator, face: FaceView) -> np.ndarray:
    """Give the light (S, S) on a mask: darker away from a ridge, with pleats across."""
    ys, xs = np.mgrid[:CROP_SIZE, :CROP_SIZE].astype(np.float32)
    right, down = face.direction(1, 0), face.direction(0, 1)
    nose = face.points[4, :2]
    across = ((xs - nose[0]) * right[0] + (ys - nose[1]) * right[1]) / face.size
    along = ((xs - nose[0]) * down[0] + (ys - nose[1]) * down[1]) / face.size
    shade = 1.05 - rng.uniform(0.2, 1.2) * (across - rng.normal(0, 0.12)) ** 2 + smooth_noise(rng, 4, 0.05)
    if rng.random() < 0.5:
        shade = shade - rng.uniform(0.03, 0.15) * (np.sin(along * rng.uniform(30, 60) + across**2 * 6) > 0.6)
    return shade.astype(np.float32)


def sunglasses(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Put sunglasses over the eyes, photographed or drawn."""
    if not material.sunglasses or rng.random() < 0.55:
        return drawn_sunglasses(rng, material, face)
    layer = _over_eyes(rng, material.sunglasses[rng.integers(len(material.sunglasses))], face)
    if rng.random() < 0.5:  # recolour: few photographed lenses are brown, the colour nearest to skin
        hue = lens_hue(rng)
        tinted = layer.colour.mean(2, keepdims=True) * (hue / hue.mean()).astype(np.float32)
        layer.colour = np.minimum(tinted, 255 * layer.alpha[..., None])
    return layer


def spectacles(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Put clear spectacles, which hide nothing, before the eyes, photographed or drawn."""
    if not material.spectacles or rng.random() < 0.55:
        return drawn_spectacles(rng, face)
    layer = _over_eyes(rng, material.spectacles[rng.integers(len(material.spectacles))], face)
    layer.hides = False
    return layer


def _over_eyes(rng: np.random.Generator, sprite: Sprite, face: FaceView) -> Layer:
    """Place a sprite of glasses: its width from temple to temple, foreshortened as the points are."""
    p = face.points[:, :2]
    width, height = sprite.size
    right = (p[454] - p[234]) * rng.uniform(0.88, 1.08) / width
    length = max(np.linalg.norm(right), 0.6 * face.size / width)
    down = face.direction(0, 1) * length * rng.uniform(0.9, 1.1)
    target = 0.5 * p[[33, 263]].mean(0) + 0.5 * p[168] + rng.normal(0, 0.015 * face.size, 2)
    turn = np.stack([right, down], 1)
    return warp_sprite(sprite, np.concatenate([turn, (target - turn @ [width / 2, height * 0.45])[:, None]], 1))


def hat(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw a cap or a woollen hat down to the forehead, or as low as the brows."""
    p = face.points[:, :2]
    up = -face.direction(0, 1)
    lift = face.size * rng.uniform(-0.03, 0.14)
    rim = p[[127, 70, 105, 107, 9, 336, 334, 300, 356]] + up * lift
    side = face.direction(1, 0) * face.size * rng.uniform(0.02, 0.12)
    crown = [rim[-1] + side, rim[-1] + side + up * face.size * 0.7, rim[0] - side + up * face.size * 0.7, rim[0] - side]
    layer = fill(polygon(np.concatenate([rim, crown])), cloth(rng, material))
    if rng.random() < 0.5:
        drop = -up * face.size * rng.uniform(0.03, 0.12)
        bow = np.sin(np.linspace(0, np.pi, len(rim)))[:, None]
        brim = np.concatenate([rim + bow * drop, (rim - bow * drop * 0.3)[::-1]])
        layer = fill(polygon(brim), cloth(rng, material) * np.float32(0.7)).over(layer)
    return layer


def scarf(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw a scarf or collar from the lower face down to the crop's edge."""
    p = face.points[:, :2]
    share = rng.uniform(-0.2, 1.0)
    middle = (1 - share) * p[152] + share * p[rng.choice([2, 4, 13])]
    down = face.direction(0, 1)
    ends = 0.5 * p[[172, 397]] + 0.5 * p[[132, 361]]
    out = face.direction(1, 0) * face.size * rng.uniform(0.05, 0.3)
    edge = np.array([ends[0] - out, 0.5 * (ends[0] + middle), middle, 0.5 * (ends[1] + middle), ends[1] + out])
    edge = edge + rng.normal(0, 0.02 * face.size, edge.shape)
    far = [edge[-1] + down * 200 + out, edge[0] + down * 200 - out]
    return fill(polygon(rounded(np.concatenate([edge, far]))), cloth(rng, material, folds=0.2))


def rounded(outline: np.ndarray, times: int = 2) -> np.ndarray:
    """Cut the corners of a closed outline (K, 2), `times` over; each doubles the points."""
    for _ in range(times):
        following = np.roll(outline, -1, 0)
        outline = np.stack([0.75 * outline + 0.25 * following, 0.25 * outline + 0.75 * following], 1).reshape(-1, 2)
    return outline
