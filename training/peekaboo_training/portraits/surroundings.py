"""Everything of a portrait that the face mesh does not draw: hair, ears, neck, body as two grids with depth, and the
background.

The front grid carries the matted picture. Its depth follows the mesh under the face and falls to the silhouette's
depth; between them a membrane gives a dome. The back grid closes the head behind it. Depths are mm towards the viewer
from the model's origin, which lies between the eyes.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ..data.faces import STORED_SIZE
from .pictures import disc, push_pull, ramp, sample_at
from .view import PortraitView

GRID_SIZE, GRID_STEP = 61, 4
"""Vertices along a side of the grids, and pixels of the stored crop between them."""
_AXIS = np.arange(GRID_SIZE) * float(GRID_STEP)
GRID_X, GRID_Y = (axis.astype(np.float32) for axis in np.meshgrid(_AXIS, _AXIS))
BACK_COLOUR_SIZE = 60
_CHIN = 8  # of the 68 landmarks
_SILHOUETTE, _NECK, _SHOULDERS = -105.0, -75.0, -85.0
_NEAREST_SILHOUETTE = -60.0
_STEEPEST = 2.0
_MEMBRANE_ROUNDS = 150
_NEIGHBOURS = np.array([[0, 0.25, 0], [0.25, 0, 0.25], [0, 0.25, 0]], np.float32)
_HEAD_THICKNESS, _BODY_THICKNESS = 90.0, 45.0


@dataclass(frozen=True)
class Surroundings:
    """Linear colours: `front` (240, 240, 3) with `front_alpha` (the face cut out), `back` (60, 60, 3) with `matte`,
    `background` (240, 240, 3) inpainted; depths of the grids `front_depth`, `back_depth` (61, 61)."""

    front: np.ndarray
    front_alpha: np.ndarray
    back: np.ndarray
    matte: np.ndarray
    background: np.ndarray
    front_depth: np.ndarray
    back_depth: np.ndarray


def lift_surroundings(view: PortraitView) -> Surroundings:
    """Cut the surroundings out of a portrait."""
    opacity = view.to_crop(view.at_corner(view.surface.opacity))
    front_depth, silhouette = _front_depth(view, opacity)
    matte = np.clip(cv2.erode(view.matte, np.ones((3, 3), np.uint8)), 0, 1)
    cut_out = cv2.erode((opacity > 0.9).astype(np.uint8), disc(9))
    solid = cv2.erode((matte > 0.95).astype(np.uint8), disc(7)).astype(np.float32)
    around = cv2.dilate((view.matte > 0.05).astype(np.uint8), np.ones((7, 7), np.uint8))
    return Surroundings(
        front=push_pull(view.linear, solid),
        front_alpha=matte * (1 - cut_out),
        back=_back_colours(view, opacity),
        matte=matte,
        background=push_pull(view.linear, 1 - around.astype(np.float32)),
        front_depth=front_depth,
        back_depth=_back_depth(view, front_depth, silhouette),
    )


def _chin(view: PortraitView) -> np.ndarray:
    """Position (2,) of the chin in the stored crop, px."""
    return view.points[view.surface.model.landmarks68[_CHIN], :2]


def _inside(view: PortraitView) -> np.ndarray:
    """(240, 240) px from the silhouette, 0 outside."""
    return cv2.distanceTransform((view.matte > 0.5).astype(np.uint8), cv2.DIST_L2, 5)


def _front_depth(view: PortraitView, opacity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Depth of the front grid, and what the silhouette's depth is about each vertex: (61, 61) each, mm."""
    scale, (chin_x, chin_y) = view.scale, _chin(view)
    known, mesh = _under_mesh(view, opacity)
    person = sample_at(view.matte, GRID_X, GRID_Y) > 0.5
    rim = sample_at(_inside(view), GRID_X, GRID_Y) < 5
    neck = person & ~known & (np.abs(GRID_X - chin_x) < 30 * scale)
    neck &= (GRID_Y > chin_y + 14) & (GRID_Y < chin_y + 26)
    body = person & ~known & ~neck & (GRID_Y > chin_y + 60 * scale)
    silhouette = _silhouette_depth(known, mesh, chin_y, scale)
    fixed = known | neck | body | ~person | rim
    depth = np.select([known, neck, body], [mesh, _NECK, _SHOULDERS], silhouette)
    dome = _membrane(np.maximum(depth - silhouette, 0) ** 2, fixed)
    domed = silhouette + np.sqrt(np.maximum(dome, 0))
    domed = np.where(neck | body, depth, domed).astype(np.float32)
    return np.where(known, mesh, cv2.GaussianBlur(domed, (0, 0), 1.2)).astype(np.float32), silhouette


def _under_mesh(view: PortraitView, opacity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which vertices of the grid lie on the mesh (the neck below the chin left out), and their depth just behind it."""
    ears = np.abs(view.surface.mean[:, 0]) > 71
    covered = view.to_crop((view.skin & (view.at_corner(ears.astype(np.float32)) == 0)).astype(np.float32))
    covered[int(max(_chin(view)[1] - 2 * view.scale, 0)) + 1 :] = 0
    opaque = sample_at(opacity, GRID_X, GRID_Y)
    known = (sample_at(covered, GRID_X, GRID_Y) > 0.95) | (opaque > 0.5)
    towards = np.where(view.on_mesh, -view.depth / view.scale, 0).astype(np.float32)
    crop = cv2.resize(towards, (STORED_SIZE, STORED_SIZE), interpolation=cv2.INTER_NEAREST)
    return known, sample_at(crop, GRID_X, GRID_Y) - 2 - 4 * ramp(opaque, 0.6, 1)


def _silhouette_depth(known: np.ndarray, mesh: np.ndarray, chin_y: float, scale: float) -> np.ndarray:
    """Depth of the silhouette (61, 61): about the ears, nearer the body below, no steeper than 2:1 from the mesh.

    Steeper grids tear into combs when they are turned.
    """
    depth = _SILHOUETTE + 12 * ramp(GRID_Y, chin_y, chin_y + 40 * scale)
    away, label = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    nearest = np.zeros(label.max() + 1, np.float32)
    nearest[label[known]] = mesh[known]
    gentle = nearest[label] - _STEEPEST * away * GRID_STEP / scale - 6
    gentle = np.maximum(depth, np.minimum(gentle, _NEAREST_SILHOUETTE))
    depth = np.where(GRID_Y < chin_y + 8 * scale, gentle, depth).astype(np.float32)
    return cv2.GaussianBlur(depth, (0, 0), 1.5)


def _membrane(values: np.ndarray, fixed: np.ndarray) -> np.ndarray:
    """Solve for the smoothest values (H, W) between the fixed ones, roughly: Jacobi rounds from a push-pull start."""
    start = push_pull(values[..., None].astype(np.float32), fixed.astype(np.float32))[..., 0]
    current = np.where(fixed, values, start).astype(np.float32)
    inner = 1 - fixed.astype(np.float32)
    held = np.where(fixed, values, 0).astype(np.float32)
    for _ in range(_MEMBRANE_ROUNDS):
        current = cv2.filter2D(current, -1, _NEIGHBOURS, borderType=cv2.BORDER_REPLICATE) * inner + held
    return current


def _back_depth(view: PortraitView, front: np.ndarray, silhouette: np.ndarray) -> np.ndarray:
    """Depth (61, 61) of an ellipsoid that meets the front at the silhouette."""
    inwards = ramp(sample_at(_inside(view), GRID_X, GRID_Y), 6, 6 + 60 * view.scale)
    thickness = np.where(GRID_Y > _chin(view)[1] + 20, _BODY_THICKNESS, _HEAD_THICKNESS)
    rim = np.minimum(silhouette, silhouette * (1 - inwards) - 100 * inwards)
    back = rim - thickness * np.sqrt(1 - (1 - inwards) ** 2)
    return np.minimum(back, front - 5).astype(np.float32)


def _back_colours(view: PortraitView, opacity: np.ndarray) -> np.ndarray:
    """Colours (60, 60, 3) of the head's back: those of a band 3 to 10 px inside the silhouette, spread."""
    inside = _inside(view)
    band = view.matte * (inside < 10) * (inside > 3) * (opacity < 0.1)
    filled = push_pull(view.linear, np.clip(band, 0, 1))
    return cv2.resize(filled, (BACK_COLOUR_SIZE, BACK_COLOUR_SIZE), interpolation=cv2.INTER_AREA)
