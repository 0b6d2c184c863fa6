"""One training sample: its fields, and its picture and masks."""

from __future__ import annotations

import cv2
import numpy as np

from ..covers.paste import Masks, outline_of
from ..settings import CROP_SIZE, MASK_SIZE

Sample = dict[str, np.ndarray]
_NEAR_WEIGHT, _FAR_WEIGHT = 1.3, 0.6
"""Loss weights of mask cells on and near the face, and far from it."""


def empty_sample() -> Sample:
    """Make a sample whose fields are all zero, except for mask weights of 1.

    Flags `has_points`, `has_fit` (identity, expression, pose) and `true_colour` (albedo, light) are 1 where these
    fields hold targets; `exact` is 1 for renders. `twin` is a number that the two samples of a pair share, 0 without a
    pair; `same_crop` is 1 where the pair differs in covers and camera only; `person` numbers people in photographs
    from 1.
    """
    zeros = {"points": (478, 3), "identity": (80,), "expression": (52,), "pose": (9,), "albedo": (10,), "light": (27,),
             "mask": (3, MASK_SIZE, MASK_SIZE)}  # fmt: skip
    sample = {name: np.zeros(shape, np.float32) for name, shape in zeros.items()}
    for name in ("has_points", "has_fit", "exact", "presence", "covered", "same_crop", "true_colour"):
        sample[name] = np.float32(0)
    sample["twin"] = sample["person"] = np.int64(0)
    sample["mask_weight"] = np.ones((3, MASK_SIZE, MASK_SIZE), np.float32)
    return sample


def to_cells(mask: np.ndarray) -> np.ndarray:
    """Average a mask (192, 192) over cells of 2 x 2 px: (96, 96)."""
    return cv2.resize(np.asarray(mask, np.float32), (MASK_SIZE, MASK_SIZE), interpolation=cv2.INTER_AREA)


def set_image(sample: Sample, picture: np.ndarray) -> None:
    """Set the image from a picture (S, S, 3) RGB 0..1."""
    sample["image"] = np.ascontiguousarray(picture.transpose(2, 0, 1), np.float32)


def set_masks(sample: Sample, masks: Masks, skin: np.ndarray) -> None:
    """Set masks and their weights (3, 96, 96): occluder, visible skin, own hair and headwear.

    `skin` (S, S), 0..1: the outline of the face.
    """
    occluder, own = np.clip(masks.occluder, 0, 1), np.clip(masks.own, 0, 1)
    sample["mask"] = np.stack([to_cells(occluder), to_cells(skin * (1 - occluder)), to_cells(own)])
    near = cv2.dilate(to_cells(skin), np.ones((9, 9), np.uint8))
    weight = _FAR_WEIGHT + (_NEAR_WEIGHT - _FAR_WEIGHT) * near
    sample["mask_weight"] = np.stack([weight, weight, weight * to_cells(masks.own_known)]).astype(np.float32)


def hide_covers(sample: Sample) -> None:
    """Take everything that tells of occluders out of the masks, so that only the misfit can train them.

    The occluder is 0, visible skin the whole outline of the face, and both have a weight of 0. Own hair stays.
    """
    skin = outline_of(sample["points"]) if sample["has_points"] else np.zeros((CROP_SIZE, CROP_SIZE), np.float32)
    sample["mask"][0], sample["mask"][1] = 0, to_cells(skin)
    sample["mask_weight"][:2] = 0


def leave_unknown(sample: Sample) -> None:
    """Set the mask's weights to 0 where nothing was pasted, for a face that something unlabelled covers."""
    pasted = cv2.dilate(sample["mask"][0], np.ones((3, 3), np.uint8)) > 0.5
    sample["mask_weight"] = sample["mask_weight"] * pasted
