"""Training samples: real faces with pasted covers, rendered heads, and crops without a face."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from .augment import photograph
from .camera import Pose, encode_pose, move_pose, transform_points
from .covers import cover
from .face_model.format import read_face_model
from .faces import STORED_SIZE
from .jitter import any_error, tracker_error
from .material import Material, read_material
from .mirror import EXPRESSION_MIRROR, identity_mirror, mirror_points, mirror_rotation
from .negatives import cut, no_face
from .paste import FaceView, paste
from .settings import CROP_SIZE, MASK_SIZE
from .store import FaceStore
from .wear import spectacles

Sample = dict[str, np.ndarray]


@dataclass(frozen=True)
class Shares:
    """How samples are mixed, each 0..1: `negatives` and `renders` of all; `covered` of real faces and renders."""

    covered: float = 0.65
    negatives: float = 0.06
    renders: float = 0.2


def empty_sample() -> Sample:
    """Give a sample with every field and nothing in it; mask weights are 1."""
    zeros = {"points": (478, 3), "identity": (80,), "expression": (52,), "pose": (9,), "albedo": (10,), "light": (27,),
             "mask": (2, MASK_SIZE, MASK_SIZE)}  # fmt: skip
    sample = {name: np.zeros(shape, np.float32) for name, shape in zeros.items()}
    for name in ("has_points", "has_fit", "exact", "presence", "covered"):
        sample[name] = np.float32(0)
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
        sample = empty_sample() | {"points": points, "has_points": np.float32(1), "presence": np.float32(1)}
        self._set_fit(sample, index, matrix, mirrored)
        face = FaceView.of(picture, points)
        mask = np.zeros((CROP_SIZE, CROP_SIZE), np.float32)
        if poor and rng.random() < 0.06 and (layer := spectacles(rng, self.material, face)):
            picture, mask = paste(rng, picture, mask, layer, face)
        if covered:
            picture, mask = cover(rng, self.material, picture, face)
            sample["covered"] = np.float32(1)
        picture = photograph(rng, picture) if poor else np.clip(picture / 255, 0, 1)
        set_picture(sample, picture, mask, face_hull(points))
        return sample

    def _set_fit(self, sample: Sample, index: int, matrix: np.ndarray, mirrored: bool) -> None:
        row = self.store.trusted_fit(index)
        if row < 0:
            return
        fits = self.store.fits
        identity, expression = fits.identity[row], fits.expression[row]
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

        Raises ValueError when the fits were made for other offsets than the model's.
        """
        data = Path(data_dir)
        self._model = read_face_model(face_model_path) if face_model_path else None
        store = FaceStore.read(data, held_back=False)
        if self._model is None:
            store.fit_of[:] = -1
        elif store.fits is not None and not store.fits.belong_to(self._model):
            raise ValueError(f"{data / 'fits.npz'} was made for other offsets than {face_model_path}'s: run fit again")
        mirror = identity_mirror(self._model) if self._model is not None else None
        self.real = RealFaces(store, read_material(data / "material"), mirror)
        self._cumulative = np.cumsum(store.sampling_weights())
        self._seed, self._rank, self.shares = seed, rank, shares
        self._heads = None
        if self._model is not None and shares.renders > 0:
            from .render import RenderedHeads

            self._heads = RenderedHeads(self._model, store, self.real.material)

    def __iter__(self) -> Iterator[Sample]:
        worker = get_worker_info()
        rng = np.random.default_rng([self._seed, self._rank, worker.id if worker else 0])
        cv2.setNumThreads(0)
        if worker:
            torch.set_num_threads(1)
        while True:
            yield self.sample(rng)

    def sample(self, rng: np.random.Generator) -> Sample:
        """Make one sample of a random kind."""
        choice = rng.random()
        if choice < self.shares.negatives:
            picture, mask = no_face(rng, self.real.store, self.real.material)
            sample = empty_sample()
            set_picture(sample, photograph(rng, picture), mask, np.zeros_like(mask))
            return sample
        covered = rng.random() < self.shares.covered
        if self._heads is not None and choice < self.shares.negatives + self.shares.renders:
            return self._rendered(rng, covered)
        index = min(int(np.searchsorted(self._cumulative, rng.random())), len(self.real.store) - 1)
        return self.real.sample(rng, index, covered, any_error(rng), mirrored=rng.random() < 0.5)

    def _rendered(self, rng: np.random.Generator, covered: bool) -> Sample:
        head, rendered = self._heads.draw(rng)
        picture, mask = rendered.picture, np.zeros((CROP_SIZE, CROP_SIZE), np.float32)
        face = FaceView.of(picture, rendered.points)
        material = self.real.material
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
        set_picture(sample, photograph(rng, picture), mask, face_hull(rendered.points))
        return sample


def make_loader(dataset: FaceDataset, batch_size: int, workers: int = 1, prefetch: int = 4) -> DataLoader:
    """Batch a dataset's samples into dicts of torch tensors; 0 workers makes them in this process."""
    more = {"prefetch_factor": prefetch, "persistent_workers": True} if workers else {}
    return DataLoader(dataset, batch_size=batch_size, num_workers=workers, **more)


def validation_items(data_dir: Path | str, face_model_path: Path | str | None = None, per_source: int = 300,
                     ) -> Iterator[tuple[Sample, Sample]]:  # fmt: skip
    """Give the held-back faces, each clean and covered, with the same small crop error; always the same ones.

    Each sample also has `source`, the collection's name.
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
            pair.append(faces.sample(rng, index, covered, matrix, poor=False) | {"source": store.source(index)})
        yield pair[0], pair[1]
