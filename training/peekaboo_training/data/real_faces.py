"""Training samples of labelled photographs."""

from __future__ import annotations

import numpy as np
import torch

from ..covers.choose import cover
from ..covers.hair import hair
from ..covers.material import Material
from ..covers.paste import FaceView, paste
from ..covers.wear import spectacles
from ..face_model.format import FaceModel
from ..scene.camera import Pose, encode_pose, move_pose, transform_points
from ..scene.mirror import EXPRESSION_MIRROR, identity_mirror, mirror_points, mirror_rotation
from ..settings import CROP_SIZE
from .augment import photograph
from .faces import STORED_SIZE
from .fits import Fit
from .jitter import crop_matrix, miss
from .negatives import cut
from .sample import Sample, empty_sample, face_hull, leave_unknown, set_picture
from .store import FaceStore


class RealFaces:
    """Makes samples of labelled photographs."""

    def __init__(self, store: FaceStore, material: Material, model: FaceModel | None) -> None:
        """`model`: the face model of the store's fits. Raises ValueError when there are fits but no model."""
        if store.fits is not None and model is None:
            raise ValueError("fits need the face model that they were made with")
        self.store, self.material = store, material
        self._identity_mirror = identity_mirror(model) if store.fits is not None else None

    def sample(self, rng: np.random.Generator, index: int, covered: bool, matrix: np.ndarray, *,
               mirrored: bool = False, poor: bool = True) -> Sample:  # fmt: skip
        """Make one sample: `matrix` (2, 3) maps stored px to crop px; `poor` degrades the picture as cameras do.

        A face without a trusted fit has `has_fit` 0, mirrored or not.
        """
        picture, points = self.store.picture(index), self.store.points[index]
        if mirrored:
            picture, points = np.ascontiguousarray(picture[:, ::-1]), mirror_points(points, STORED_SIZE)
        points = transform_points(matrix, points).astype(np.float32)
        picture = cut(picture, matrix, black=poor and rng.random() < 0.15).astype(np.float32)
        sample = empty_sample() | {"points": points, "has_points": np.float32(1), "presence": np.float32(1),
                                   "person": np.int64(self.store.person[index] + 1)}  # fmt: skip
        fit = self.store.trusted_fit(index)
        if fit is not None:
            sample |= fit_fields(mirror_fit(fit, self._identity_mirror) if mirrored else fit, matrix)
        face = FaceView.of(picture, points)
        mask = np.zeros((CROP_SIZE, CROP_SIZE), np.float32)
        if poor and rng.random() < 0.06 and (layer := spectacles(rng, self.material, face)):
            picture, mask = paste(rng, picture, mask, layer, face)
        if poor and not covered and rng.random() < 0.06:
            picture, mask = paste(rng, picture, mask, hair(rng, picture, face), face)
        if covered:
            picture, mask = cover(rng, self.material, picture, face)
            sample["covered"] = np.float32(1)
        picture = photograph(rng, picture) if poor else np.clip(picture / 255, 0, 1)
        set_picture(sample, picture, mask, face_hull(points))
        if self.store.doubtful[index]:
            leave_unknown(sample)
        return sample

    def missed(self, rng: np.random.Generator) -> np.ndarray:
        """Make a crop (S, S, 3) float32 0..255 that misses the face."""
        picture = self.store.picture(int(rng.integers(len(self.store))))
        return cut(picture, miss(rng), rng.random() < 0.3).astype(np.float32)

    def whole(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Make a crop (S, S, 3) float32 0..255 with a face in its centre, and the face's points (478, 3) in crop px."""
        index, matrix = int(rng.integers(len(self.store))), crop_matrix(0, 1, np.zeros(2))
        points = transform_points(matrix, self.store.points[index]).astype(np.float32)
        return cut(self.store.picture(index), matrix).astype(np.float32), points


def mirror_fit(fit: Fit, identity_map: np.ndarray) -> Fit:
    """Mirror a fit at the middle of the stored crop; `identity_map` (80, 80) see `mirror.identity_mirror`."""
    translation = np.array([STORED_SIZE - 1 - fit.translation[0], fit.translation[1]], np.float32)
    return Fit(identity_map @ fit.identity, fit.expression[EXPRESSION_MIRROR], mirror_rotation(fit.rotation),
               translation, fit.scale)  # fmt: skip


def fit_fields(fit: Fit, matrix: np.ndarray) -> Sample:
    """Give the fields of a sample that a fit fills; `matrix` (2, 3) maps stored px to crop px."""
    parts = (fit.rotation, fit.translation, fit.scale)
    pose = Pose(*(torch.from_numpy(np.asarray(part, np.float32)) for part in parts))
    return {
        "identity": fit.identity.astype(np.float32),
        "expression": fit.expression.astype(np.float32),
        "pose": encode_pose(move_pose(pose, matrix)).numpy(),
        "has_fit": np.float32(1),
    }
