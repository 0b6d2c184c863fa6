"""One training sample: its fields, and how a picture and its masks are put in."""

from __future__ import annotations

import cv2
import numpy as np

from ..settings import CROP_SIZE, MASK_SIZE

Sample = dict[str, np.ndarray]
_NEAR_WEIGHT, _FAR_WEIGHT = 1.3, 0.6
"""Weights of the mask's cells on and about the face, and away from it."""


def empty_sample() -> Sample:
    """Give a sample with every field and nothing in it; mask weights are 1.

    `twin` is a number that two samples of a pair share, 0 without a pair; `same_crop` is 1 where the pair differs in
    covers and camera only; `person` numbers real people from 1; `true_colour` is 1 where albedo and light are exact.
    """
    zeros = {"points": (478, 3), "identity": (80,), "expression": (52,), "pose": (9,), "albedo": (10,), "light": (27,),
             "mask": (2, MASK_SIZE, MASK_SIZE)}  # fmt: skip
    sample = {name: np.zeros(shape, np.float32) for name, shape in zeros.items()}
    for name in ("has_points", "has_fit", "exact", "presence", "covered", "same_crop", "true_colour"):
        sample[name] = np.float32(0)
    sample["twin"] = sample["person"] = np.int64(0)
    sample["mask_weight"] = np.ones((2, MASK_SIZE, MASK_SIZE), np.float32)
    return sample


def to_cells(mask: np.ndarray) -> np.ndarray:
    """Average a mask (192, 192) over cells of 2x2 px: (96, 96)."""
    return cv2.resize(np.asarray(mask, np.float32), (MASK_SIZE, MASK_SIZE), interpolation=cv2.INTER_AREA)


def face_hull(points: np.ndarray) -> np.ndarray:
    """Fill the hull of the 468 mesh points, crop px: (192, 192), 0..1."""
    hull = cv2.convexHull(points[:468, :2].astype(np.float32))
    filled = np.zeros((CROP_SIZE, CROP_SIZE), np.uint8)
    cv2.fillConvexPoly(filled, (hull * 16).round().astype(np.int32), 255, cv2.LINE_AA, 4)
    return filled.astype(np.float32) / 255


def set_picture(sample: Sample, picture: np.ndarray, mask: np.ndarray, skin: np.ndarray) -> None:
    """Put in a picture (S, S, 3) RGB 0..1, the occluder's mask and the uncovered skin (S, S)."""
    sample["image"] = np.ascontiguousarray(picture.transpose(2, 0, 1), np.float32)
    mask = np.clip(mask, 0, 1)
    sample["mask"] = np.stack([to_cells(mask), to_cells(skin * (1 - mask))])
    near = cv2.dilate(to_cells(skin), np.ones((9, 9), np.uint8))
    sample["mask_weight"] = np.broadcast_to(_FAR_WEIGHT + (_NEAR_WEIGHT - _FAR_WEIGHT) * near, (2, *near.shape)).copy()


def leave_unknown(sample: Sample) -> None:
    """Take the mask's weights off where nothing was pasted: something unlabelled is in front of this face."""
    pasted = cv2.dilate(sample["mask"][0], np.ones((3, 3), np.uint8)) > 0.5
    sample["mask_weight"] = sample["mask_weight"] * pasted
