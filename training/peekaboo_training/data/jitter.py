"""Crop errors of the tracker: random maps from the stored crop to the network's."""

from __future__ import annotations

import numpy as np
import torch

from ..scene.camera import Pose, crop_from_points, move_pose, project_pose
from ..settings import CROP_CENTRE, CROP_SIZE
from .faces import BORDER, STORED_SIZE


def crop_matrix(angle: float, scale: float, shift: np.ndarray) -> np.ndarray:
    """Give the map (2, 3) from stored-crop pixels to network-crop pixels.

    `angle` rotates the picture (radians, y down), `scale` enlarges it, `shift` (2,) moves it, in crop px.
    """
    c, s = np.cos(angle) * scale, np.sin(angle) * scale
    turn = np.array([[c, -s], [s, c]])
    middle = np.full(2, (STORED_SIZE - 1) / 2)
    return np.concatenate([turn, (CROP_CENTRE + shift - turn @ middle)[:, None]], 1)


def place_head(points: np.ndarray, origin: np.ndarray, rotation: np.ndarray, error: np.ndarray) -> Pose:
    """Give the pose, crop px, that the crop of a turned head has.

    `points` (478, 3) in mm of the model, turned by `rotation` (3, 3) about `origin` (3,); `error` maps the stored crop
    to the network's, as `crop_matrix` gives it.
    """
    unplaced = Pose(torch.tensor(rotation, dtype=torch.float32), torch.zeros(2), torch.tensor(1.0))
    at = torch.tensor(origin, dtype=torch.float32)
    seen = project_pose(torch.tensor(points, dtype=torch.float32), unplaced, at).numpy()
    to_stored = np.concatenate([crop_from_points(seen).to_crop_matrix(), [[0, 0, 1]]])
    to_stored[:2, 2] += BORDER
    return move_pose(unplaced, error @ to_stored)


def tracker_error(rng: np.random.Generator) -> np.ndarray:
    """Draw the error of a crop made from the last result; standard deviations: 5 degrees, 6 % scale, 3 % shift."""
    return crop_matrix(np.radians(rng.normal(0, 5)), np.exp(rng.normal(0, 0.06)), rng.normal(0, 0.03, 2) * CROP_SIZE)


def detector_error(rng: np.random.Generator) -> np.ndarray:
    """Draw the error of a crop made by the detector; largest values: 25 degrees, 20 % scale, 12 % shift."""
    shift = rng.uniform(-0.12, 0.12, 2) * CROP_SIZE
    return crop_matrix(np.radians(rng.uniform(-25, 25)), np.exp(rng.uniform(-0.2, 0.2)), shift)


def rolled_error(rng: np.random.Generator) -> np.ndarray:
    """Draw the error of a crop that was made without knowing the face's roll: any angle, otherwise a detector's."""
    shift = rng.uniform(-0.1, 0.1, 2) * CROP_SIZE
    return crop_matrix(rng.uniform(-np.pi, np.pi), np.exp(rng.uniform(-0.2, 0.15)), shift)


def wide_error(rng: np.random.Generator) -> np.ndarray:
    """Draw a crop that shows the surroundings, too: 1.25 to 1.7 times as wide as the face's own crop."""
    shift = rng.normal(0, 0.04, 2) * CROP_SIZE
    return crop_matrix(np.radians(rng.normal(0, 6)), 1 / rng.uniform(1.25, 1.7), shift)


def any_error(rng: np.random.Generator, wide: bool = True) -> np.ndarray:
    """Draw an error of any kind: mostly a tracker's, at times a detector's, any roll, or (if `wide`) a wide crop."""
    kinds, shares = zip(*_ERRORS, strict=True)
    kind = kinds[rng.choice(len(kinds), p=shares)]
    return tracker_error(rng) if kind is wide_error and not wide else kind(rng)


def miss(rng: np.random.Generator) -> np.ndarray:
    """Draw a crop so far off that it counts as having no face."""
    scale = np.exp(rng.uniform(-0.2, 1.2))
    direction = rng.uniform(0, 2 * np.pi)
    distance = rng.uniform(0.6, 0.85) * CROP_SIZE * max(scale, 1.0)
    shift = distance * np.array([np.cos(direction), np.sin(direction)])
    return crop_matrix(rng.uniform(-0.5, 0.5), scale, shift)


_ERRORS = ((tracker_error, 0.63), (detector_error, 0.17), (rolled_error, 0.06), (wide_error, 0.14))
