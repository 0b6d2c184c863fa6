"""Training samples: real faces with pasted covers, rendered heads, and crops without a face."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from ..covers.choose import cover
from ..covers.hair import hair
from ..covers.material import Material, read_material
from ..covers.paste import FaceView, paste
from ..covers.wear import spectacles
from ..face_model.format import FaceModel, read_face_model
from ..scene.camera import Pose, encode_pose, move_pose, transform_points
from ..scene.mirror import EXPRESSION_MIRROR, identity_mirror, mirror_points, mirror_rotation
from ..settings import CROP_SIZE, MASK_SIZE
from .augment import photograph
from .faces import STORED_SIZE
from .jitter import any_error, crop_matrix, miss, tracker_error
from .negatives import cut, no_face
from .store import FaceStore

if TYPE_CHECKING:
    from .rendered_heads import HeadParameters, Rendered

Sample = dict[str, np.ndarray]
_NEAR_WEIGHT, _FAR_WEIGHT = 1.3, 0.6
"""Weights of the mask's cells on and about the face, and away from it."""


@dataclass(frozen=True)
class Shares:
    """How samples are mixed, each 0..1: `negatives` and `renders` of all; `covered` of real faces and renders; `hands`
    of negatives show a hand where a face would be.

    `twins` is the share of draws that give two samples of one person, one after the other: in half of the cases the
    same crop clean and covered, else another picture (or render) of the person. Without `photographs` neither labels
    nor fits are read and every face is a render: for weights that owe nothing to any photograph.
    """

    covered: float = 0.65
    negatives: float = 0.06
    renders: float = 0.2
    twins: float = 0.5
    hands: float = 0.1
    photographs: bool = True


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


class RealFaces:
    """Makes samples of labelled pictures."""

    def __init__(self, store: FaceStore, material: Material, mirror: np.ndarray | None) -> None:
        """`mirror` (80, 80): what becomes of the identity when mirrored; None when there are no fits."""
        self.store, self.material, self._mirror = store, material, mirror

    def sample(self, rng: np.random.Generator, index: int, covered: bool, matrix: np.ndarray, *,
               mirrored: bool = False, poor: bool = True) -> Sample:  # fmt: skip
        """Make one sample: `matrix` cuts the crop, `poor` spoils the picture as cameras do."""
        picture, points = self.store.picture(index), self.store.points[index]
        if mirrored:
            picture, points = np.ascontiguousarray(picture[:, ::-1]), mirror_points(points, STORED_SIZE)
        points = transform_points(matrix, points).astype(np.float32)
        picture = cut(picture, matrix, black=poor and rng.random() < 0.15).astype(np.float32)
        sample = empty_sample() | {"points": points, "has_points": np.float32(1), "presence": np.float32(1),
                                   "person": np.int64(self.store.person[index] + 1)}  # fmt: skip
        self._set_fit(sample, index, matrix, mirrored)
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
        """Give a crop (S, S, 3) float32 0..255 beside a face."""
        picture = self.store.picture(int(rng.integers(len(self.store))))
        return cut(picture, miss(rng), rng.random() < 0.3).astype(np.float32)

    def whole(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Give a crop (S, S, 3) float32 0..255 with a face in the middle, and its points (478, 3), crop px."""
        index, matrix = int(rng.integers(len(self.store))), crop_matrix(0, 1, np.zeros(2))
        points = transform_points(matrix, self.store.points[index]).astype(np.float32)
        return cut(self.store.picture(index), matrix).astype(np.float32), points

    def _set_fit(self, sample: Sample, index: int, matrix: np.ndarray, mirrored: bool) -> None:
        row = self.store.trusted_fit(index)
        if row < 0:
            return
        fits = self.store.fits
        identity, expression = self.store.identity(index), fits.expression[row]
        rotation, translation = fits.rotation[row], fits.translation[row]
        if mirrored:
            identity, expression = self._mirror @ identity, expression[EXPRESSION_MIRROR]
            rotation = mirror_rotation(rotation)
            translation = np.array([STORED_SIZE - 1 - translation[0], translation[1]], np.float32)
        pose = Pose(*(torch.from_numpy(np.asarray(v, np.float32)) for v in (rotation, translation, fits.scale[row])))
        sample |= {
            "identity": identity.astype(np.float32),
            "expression": expression.astype(np.float32),
            "pose": encode_pose(move_pose(pose, matrix)).numpy(),
            "has_fit": np.float32(1),
        }


class FaceDataset(IterableDataset):
    """An endless stream of samples; each worker, and each `rank`, draws its own."""

    def __init__(self, data_dir: Path | str, face_model_path: Path | str | None = None, seed: int = 0, *,
                 rank: int = 0, shares: Shares = Shares()) -> None:  # fmt: skip
        """Read labels, fits and covers under `data_dir`. Without a face model there are neither fits nor renders.

        Raises ValueError when the fits were made for other offsets than the model's, or when nothing is left to draw.
        """
        data = Path(data_dir)
        model = read_face_model(face_model_path) if face_model_path else None
        self._seed, self._rank, self.shares = seed, rank, shares
        self._material = read_material(data / "material")
        store = FaceStore.read(data, held_back=False) if shares.photographs else None
        self.real, self._heads = None, None
        if store is not None:
            self.real = RealFaces(store, self._material, _mirror(store, model, data / "fits.npz", face_model_path))
            self._cumulative = np.cumsum(store.sampling_weights())
        elif model is None:
            raise ValueError("without photographs there must be a face model, to draw heads of")
        if model is not None and (shares.renders > 0 or store is None):
            from .rendered_heads import RenderedHeads

            self._heads = RenderedHeads(model, store, self._material)

    def __iter__(self) -> Iterator[Sample]:
        worker = get_worker_info()
        rng = np.random.default_rng([self._seed, self._rank, worker.id if worker else 0])
        cv2.setNumThreads(0)
        if worker:
            torch.set_num_threads(1)
        while True:
            yield from self.draw(rng)

    def draw(self, rng: np.random.Generator) -> list[Sample]:
        """Make one sample of a random kind, or two of one person."""
        choice = rng.random()
        if choice < self.shares.negatives:
            picture, mask = no_face(rng, self.real or self._heads, self._material, self.shares.hands)
            sample = empty_sample()
            set_picture(sample, photograph(rng, picture), mask, np.zeros_like(mask))
            return [sample]
        rendered = self.real is None or (
            self._heads is not None and choice < self.shares.negatives + self.shares.renders
        )
        if rng.random() < self.shares.twins:
            same_crop = rng.random() < 0.5
            pair = self._render_pair(rng, same_crop) if rendered else self._real_pair(rng, same_crop)
            twin = {"twin": rng.integers(1, 2**40), "same_crop": np.float32(same_crop)}
            return [sample | twin for sample in pair]
        covered = rng.random() < self.shares.covered
        if rendered:
            return [self._finish(rng, *self._heads.draw(rng), covered)]
        return [self.real.sample(rng, self._index(rng), covered, any_error(rng), mirrored=rng.random() < 0.5)]

    def _index(self, rng: np.random.Generator) -> int:
        return min(int(np.searchsorted(self._cumulative, rng.random())), len(self.real.store) - 1)

    def _real_pair(self, rng: np.random.Generator, same_crop: bool) -> list[Sample]:
        index, mirrored, matrix = self._index(rng), rng.random() < 0.5, any_error(rng)
        if same_crop:
            return [self.real.sample(rng, index, covered, matrix, mirrored=mirrored) for covered in (False, True)]
        pictures = (index, self.real.store.other_picture(rng, index))
        return [self.real.sample(rng, k, rng.random() < self.shares.covered, any_error(rng), mirrored=mirrored)
                for k in pictures]  # fmt: skip

    def _render_pair(self, rng: np.random.Generator, same_crop: bool) -> list[Sample]:
        head, rendered = self._heads.draw(rng)
        if same_crop:
            return [self._finish(rng, head, rendered, covered) for covered in (False, True)]
        again = self._heads.draw(rng, like=head)
        return [self._finish(rng, *drawn, rng.random() < self.shares.covered) for drawn in ((head, rendered), again)]

    def _finish(self, rng: np.random.Generator, head: HeadParameters, rendered: Rendered, covered: bool) -> Sample:
        """Make a sample of a drawn head: spectacles, covers, camera."""
        picture, mask = rendered.picture, np.zeros((CROP_SIZE, CROP_SIZE), np.float32)
        face = FaceView.of(picture, rendered.points)
        material = self._material
        if rng.random() < 0.12 and (layer := spectacles(rng, material, face)):
            picture, mask = paste(rng, picture, mask, layer, face)
        if covered:
            picture, mask = cover(rng, material, picture, face)
        sample = empty_sample() | {
            "points": rendered.points, "identity": head.identity, "expression": head.expression,
            "pose": encode_pose(head.pose).numpy(), "albedo": head.albedo, "light": head.light,
            "covered": np.float32(covered),
        }  # fmt: skip
        sample |= {name: np.float32(1) for name in ("has_points", "has_fit", "exact", "presence")}
        true_colour = rng.random() < 0.6
        sample["true_colour"] = np.float32(true_colour)
        set_picture(sample, photograph(rng, picture, expose=not true_colour), mask, face_hull(rendered.points))
        return sample


def _mirror(store: FaceStore, model: FaceModel | None, fits: Path, face_model_path: Path | str) -> np.ndarray | None:
    """What becomes of the identity when mirrored, (80, 80); without a face model the store's fits are put aside.

    Raises ValueError when the fits belong to another face model.
    """
    if model is None:
        store.fit_of[:] = -1
        return None
    if store.fits is not None and not store.fits.belong_to(model):
        raise ValueError(f"{fits} was made for other offsets than {face_model_path}'s: run fit again")
    return identity_mirror(model)


def make_loader(dataset: FaceDataset, batch_size: int, workers: int = 1, prefetch: int = 4) -> DataLoader:
    """Batch a dataset's samples into dicts of torch tensors; 0 workers makes them in this process."""
    more = {"prefetch_factor": prefetch, "persistent_workers": True} if workers else {}
    return DataLoader(dataset, batch_size=batch_size, num_workers=workers, **more)


def validation_items(data_dir: Path | str, face_model_path: Path | str | None = None, per_source: int = 300,
                     ) -> Iterator[tuple[Sample, Sample]]:  # fmt: skip
    """Give the held-back faces, each clean and covered, with the same small crop error; always the same ones.

    Each sample also has `source`, the collection's name, and `key`, collection and picture.
    """
    data = Path(data_dir)
    model = read_face_model(face_model_path) if face_model_path else None
    store = FaceStore.read(data, held_back=True, limit=per_source)
    if model is None or (store.fits is not None and not store.fits.belong_to(model)):
        store.fit_of[:] = -1
    faces = RealFaces(store, read_material(data / "material"), None)
    for index in range(len(store)):
        matrix = tracker_error(np.random.default_rng([7, index]))
        pair = []
        for covered in (False, True):
            rng = np.random.default_rng([11, index])
            about = {"source": store.source(index), "key": store.keys[index]}
            pair.append(faces.sample(rng, index, covered, matrix, poor=False) | about)
        yield pair[0], pair[1]
