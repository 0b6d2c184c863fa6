"""The stream of training samples: photographs with pasted covers, rendered heads, and crops without a face."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from ..covers.choose import cover
from ..covers.material import read_material
from ..covers.paste import FaceView, Masks, outline_of, paste
from ..covers.wear import spectacles
from ..data.augment import photograph
from ..data.jitter import any_error
from ..data.negatives import no_face
from ..data.own_maps import OWN_FOLDER, OwnMaps
from ..data.real_faces import RealFaces
from ..data.sample import Sample, empty_sample, hide_covers, set_image, set_masks
from ..data.store import FaceStore
from ..data.surroundings import SURROUNDINGS_FOLDER, Surroundings
from ..face_model.format import read_face_model
from .replay import Replay

if TYPE_CHECKING:
    from ..data.rendered_heads import HeadParameters, Rendered, RenderedHeads
    from ..portraits.draw import Drawn
    from ..portraits.samples import PortraitFaces, PortraitParameters


COVERS = ("labelled", "unlabelled", "none")


@dataclass(frozen=True)
class Shares:
    """How samples are mixed, each a probability.

    `negatives`, `renders` and `portraits` (rendered again, see the package `portraits`) are shares of all samples,
    `covered` of all faces, `hands` of negatives: those with a hand in place of a face. `twins` is the share of draws
    that give two consecutive samples of one person: half of them the same crop clean and covered, the others two
    pictures (or renders) of the person. Without `photographs` no labels or fits are read and every face is a render,
    for weights that depend on no photograph.

    `covers`: "labelled"; "unlabelled": pictures have covers, but the masks do not tell where; "none": no face has
    a cover, and there are no masks of occluders. Without labels, only the misfit trains the mask.
    """

    covered: float = 0.65
    negatives: float = 0.06
    renders: float = 0.2
    portraits: float = 0.0
    twins: float = 0.5
    hands: float = 0.1
    photographs: bool = True
    covers: str = "labelled"


class FaceDataset(IterableDataset):
    """An endless stream of samples, a different one for each worker and each `rank`."""

    def __init__(self, data_dir: Path | str, face_model_path: Path | str | None = None, seed: int = 0, *,
                 rank: int = 0, shares: Shares | None = None, reuse: float = 1.0) -> None:  # fmt: skip
        """Read labels, fits and covers under `data_dir`. Without a face model there are neither fits nor renders.

        Each composed picture is photographed `reuse` times on average, thousands of samples apart.

        Raises ValueError when the fits were made with other offsets than the model's, when there is neither a
        photograph nor a face model, or for unknown `covers`; FileNotFoundError if portraits are requested and none are
        prepared.
        """
        data, shares = Path(data_dir), shares or Shares()
        if shares.covers not in COVERS:
            raise ValueError(f"covers {shares.covers!r}: one of {', '.join(COVERS)}")
        if shares.covers == "none":
            shares = replace(shares, covered=0.0, hands=0.0)
        model = read_face_model(face_model_path) if face_model_path else None
        self._seed, self._rank, self.shares, self._reuse = seed, rank, shares, reuse
        self._material = read_material(data / "material")
        store = FaceStore.read(data, held_back=False, model=model) if shares.photographs else None
        self.real, self._heads, self._portraits = None, None, None
        own_maps = OwnMaps(data / OWN_FOLDER)
        if store is not None:
            self.real = RealFaces(store, self._material, model, own_maps, Surroundings(data / SURROUNDINGS_FOLDER))
            self._cumulative = np.cumsum(store.sampling_weights())
        elif model is None:
            raise ValueError("without photographs a face model is required, to render heads")
        if model is not None and (shares.renders > 0 or store is None):
            from ..data.rendered_heads import RenderedHeads

            self._heads = RenderedHeads(model, store, self._material)
        if shares.portraits > 0:
            if model is None or store is None:
                raise ValueError("portraits are drawn from photographs with a face model; one of them is missing")
            from ..portraits.portrait import PORTRAITS_FOLDER
            from ..portraits.samples import PortraitFaces

            self._portraits = PortraitFaces(model, store, self._material, data / PORTRAITS_FOLDER, own_maps)

    def __iter__(self) -> Iterator[Sample]:
        worker = get_worker_info()
        rng = np.random.default_rng([self._seed, self._rank, worker.id if worker else 0])
        cv2.setNumThreads(0)
        if worker:
            torch.set_num_threads(1)
        replay = Replay(self.compose, self._reuse)
        while True:
            yield from (photographed(rng, sample) for sample in replay.draw(rng))

    def draw(self, rng: np.random.Generator) -> list[Sample]:
        """Make one sample of a random kind, or two of one person."""
        return [photographed(rng, sample) for sample in self.compose(rng)]

    def compose(self, rng: np.random.Generator) -> list[Sample]:
        """Compose the picture of one sample of a random kind, or of two of one person; see `photographed`."""
        samples = self._compose(rng)
        if self.shares.covers != "labelled":
            for sample in samples:
                hide_covers(sample)
        return samples

    def _compose(self, rng: np.random.Generator) -> list[Sample]:
        choice = rng.random()
        if choice < self.shares.negatives:
            picture, masks = no_face(rng, self.real or self._heads, self._material, self.shares.hands)
            sample = empty_sample() | {"picture": np.clip(picture, 0, 255).astype(np.uint8)}
            set_masks(sample, masks, np.zeros_like(masks.occluder))
            return [sample]
        drawn = self._drawn_kind(choice - self.shares.negatives)
        if rng.random() < self.shares.twins:
            same_crop = rng.random() < 0.5
            pair = self._drawn_pair(rng, drawn, same_crop) if drawn else self._real_pair(rng, same_crop)
            twin = {"twin": rng.integers(1, 2**40), "same_crop": np.float32(same_crop)}
            return [sample | twin for sample in pair]
        covered = rng.random() < self.shares.covered
        if drawn:
            return [self._finish(rng, *drawn.draw(rng), covered)]
        index = self._index(rng)
        return [self.real.sample(rng, index, covered, self._error(rng, index), mirrored=rng.random() < 0.5)]

    def _drawn_kind(self, choice: float) -> RenderedHeads | PortraitFaces | None:
        """Say who draws the face for a number 0..1, or None where it is a photograph."""
        if self.real is None:
            return self._heads
        if self._heads is not None and choice < self.shares.renders:
            return self._heads
        renders = self.shares.renders if self._heads is not None else 0.0
        return self._portraits if choice < renders + self.shares.portraits else None

    def _index(self, rng: np.random.Generator) -> int:
        return min(int(np.searchsorted(self._cumulative, rng.random())), len(self.real.store) - 1)

    def _real_pair(self, rng: np.random.Generator, same_crop: bool) -> list[Sample]:
        index, mirrored = self._index(rng), rng.random() < 0.5
        if same_crop:
            matrix, both = self._error(rng, index), (False, self.shares.covered > 0)
            return [self.real.sample(rng, index, covered, matrix, mirrored=mirrored) for covered in both]
        pictures = (index, self.real.store.other_picture(rng, index))
        return [self.real.sample(rng, k, rng.random() < self.shares.covered, self._error(rng, k), mirrored=mirrored)
                for k in pictures]  # fmt: skip

    def _error(self, rng: np.random.Generator, index: int) -> np.ndarray:
        """Draw the error of a photograph's crop: (2, 3). Wide crops need what is around the stored crop."""
        return any_error(rng, wide=self.real.is_wide(index))

    def _drawn_pair(self, rng: np.random.Generator, faces: RenderedHeads | PortraitFaces, same_crop: bool,
                    ) -> list[Sample]:  # fmt: skip
        first = faces.draw(rng)
        if same_crop:
            return [self._finish(rng, *first, covered) for covered in (False, self.shares.covered > 0)]
        again = faces.draw(rng, like=first[0])
        return [self._finish(rng, *drawn, rng.random() < self.shares.covered) for drawn in (first, again)]

    def _finish(self, rng: np.random.Generator, head: HeadParameters | PortraitParameters, drawn: Rendered | Drawn,
                covered: bool) -> Sample:  # fmt: skip
        """Compose a sample of a rendered face: add spectacles and covers."""
        picture, face, material = drawn.picture, FaceView.of(drawn.picture, drawn.points), self._material
        masks = Masks(np.zeros_like(drawn.own), drawn.own, drawn.own_known)
        if rng.random() < 0.15 and not head.spectacles:
            picture, masks = paste(rng, picture, masks, spectacles(rng, material, face), face)
        if covered:
            picture, masks = cover(rng, material, picture, face, masks)
        sample = empty_sample() | head.labels() | {"points": drawn.points, "covered": np.float32(covered)}
        sample |= {name: np.float32(1) for name in ("has_points", "has_fit", "exact", "presence")}
        sample["true_colour"] = np.float32(rng.random() < 0.6 and sample["true_colour"] > 0)
        sample["picture"] = np.clip(picture, 0, 255).astype(np.uint8)
        set_masks(sample, masks, outline_of(drawn.points))
        return sample


def photographed(rng: np.random.Generator, sample: Sample) -> Sample:
    """Simulate a camera: a composed sample with its "picture" becomes one with its "image".

    Exposure stays unchanged where albedo and light are targets.
    """
    result = {name: value for name, value in sample.items() if name != "picture"}
    set_image(result, photograph(rng, sample["picture"].astype(np.float32), expose=not sample["true_colour"]))
    return result


def make_loader(dataset: FaceDataset, batch_size: int, workers: int = 1, prefetch: int = 4) -> DataLoader:
    """Batch samples into dicts of torch tensors; with 0 workers they are made in this process."""
    more = {"prefetch_factor": prefetch, "persistent_workers": True} if workers else {}
    return DataLoader(dataset, batch_size=batch_size, num_workers=workers, **more)
