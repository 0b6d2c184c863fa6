"""Training samples of labelled photographs."""

from __future__ import annotations

import numpy as np
import torch

from ..covers.choose import cover
from ..covers.hair import hair
from ..covers.material import Material
from ..covers.paste import FaceView, Masks, outline_of, paste
from ..covers.wear import spectacles
from ..face_model.format import FaceModel
from ..scene.camera import Pose, encode_pose, move_pose, transform_points
from ..scene.mirror import EXPRESSION_MIRROR, identity_mirror, mirror_points, mirror_rotation
from .faces import STORED_SIZE
from .fits import Fit
from .jitter import crop_matrix, miss
from .negatives import cut
from .own_maps import OwnMaps
from .sample import Sample, empty_sample, leave_unknown, set_image, set_masks
from .store import FaceStore
from .surroundings import Surroundings, from_surroundings


class RealFaces:
    """Makes samples of labelled photographs."""

    def __init__(self, store: FaceStore, material: Material, model: FaceModel | None,
                 own_maps: OwnMaps | None = None, surroundings: Surroundings | None = None) -> None:  # fmt: skip
        """`model`: the face model of the store's fits. Raises ValueError when there are fits but no model."""
        if store.fits is not None and model is None:
            raise ValueError("fits need the face model that they were made with")
        self.store, self.material, self._own_maps, self._surroundings = store, material, own_maps, surroundings
        self._identity_mirror = identity_mirror(model) if store.fits is not None else None

    def sample(self, rng: np.random.Generator, index: int, covered: bool, matrix: np.ndarray, *,
               mirrored: bool = False, poor: bool = True) -> Sample:  # fmt: skip
        """Make one sample with its "picture" (S, S, 3) uint8: `matrix` (2, 3) maps stored px to crop px.

        `poor`: at times add a black border, spectacles or hair, and leave the image to a simulated camera. A face
        without a trusted fit has `has_fit` 0, mirrored or not.
        """
        points = self.store.points[index]
        if mirrored:
            points = mirror_points(points, STORED_SIZE)
        points = transform_points(matrix, points).astype(np.float32)
        picture = self._cut(index, matrix, mirrored=mirrored, black=poor and rng.random() < 0.15)
        sample = empty_sample() | {"points": points, "has_points": np.float32(1), "presence": np.float32(1),
                                   "person": np.int64(self.store.person[index] + 1)}  # fmt: skip
        fit = self.store.trusted_fit(index)
        if fit is not None:
            sample |= fit_fields(mirror_fit(fit, self._identity_mirror) if mirrored else fit, matrix)
        face, masks = FaceView.of(picture, points), self._own(index, matrix, mirrored)
        if poor and rng.random() < 0.1:
            picture, masks = paste(rng, picture, masks, spectacles(rng, self.material, face), face)
        if poor and not covered and rng.random() < 0.06:
            picture, masks = paste(rng, picture, masks, hair(rng, picture, face), face)
        if covered:
            picture, masks = cover(rng, self.material, picture, face, masks)
            sample["covered"] = np.float32(1)
        sample["picture"] = np.clip(picture, 0, 255).astype(np.uint8)
        if not poor:
            set_image(sample, np.clip(picture / 255, 0, 1))
        set_masks(sample, masks, outline_of(points))
        if self.store.doubtful[index]:
            leave_unknown(sample)
        return sample

    def is_wide(self, index: int) -> bool:
        """Tell whether the picture reaches further than the stored crop."""
        return self._surroundings is not None and self.store.keys[index] in self._surroundings

    def _cut(self, index: int, matrix: np.ndarray, *, mirrored: bool = False, reflect: bool = False,
             black: bool = False) -> np.ndarray:  # fmt: skip
        """Cut the network's crop (S, S, 3) float32 0..255 out of a picture; `matrix` (2, 3) maps stored px."""
        if self._surroundings is not None and self.is_wide(index):
            picture, matrix = self._surroundings.picture(self.store.keys[index]), from_surroundings(matrix)
        else:
            picture = self.store.picture(index)
        if mirrored:
            picture = np.ascontiguousarray(picture[:, ::-1])
        return cut(picture, matrix, reflect, black).astype(np.float32)

    def _own(self, index: int, matrix: np.ndarray, mirrored: bool) -> Masks:
        """Give the masks of the bare picture in the crop: the person's own hair and headwear, where labelled."""
        labelled = self._own_maps.get(self.store.keys[index]) if self._own_maps else None
        masks = Masks.empty()
        if labelled is not None:
            own, known = (part[:, ::-1] if mirrored else part for part in labelled)
            masks.own = cut(np.ascontiguousarray(own), matrix)
            masks.own_known = cut(np.ascontiguousarray(known), matrix, black=True)
        return masks

    def missed(self, rng: np.random.Generator) -> np.ndarray:
        """Make a crop (S, S, 3) float32 0..255 that misses the face."""
        return self._cut(int(rng.integers(len(self.store))), miss(rng), reflect=rng.random() < 0.3)

    def whole(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Make a crop (S, S, 3) float32 0..255 with a face in its centre, and the face's points (478, 3) in crop px."""
        index, matrix = int(rng.integers(len(self.store))), crop_matrix(0, 1, np.zeros(2))
        points = transform_points(matrix, self.store.points[index]).astype(np.float32)
        return self._cut(index, matrix), points


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
