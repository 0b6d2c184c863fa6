"""Held-out photographs, each clean and covered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ..covers.material import read_material
from ..data.jitter import tracker_error
from ..data.real_faces import RealFaces
from ..data.sample import Sample
from ..data.store import FaceStore
from ..face_model.format import read_face_model


def validation_items(data_dir: Path | str, face_model_path: Path | str | None = None, per_source: int = 300,
                     ) -> Iterator[tuple[Sample, Sample]]:  # fmt: skip
    """Give each held-out face clean and covered, in the same slightly wrong crop; the same samples in every run.

    Each sample also has `source`, the collection's name, and `key`, COLLECTION/PICTURE. Without a face model samples
    have no fit. Raises ValueError when the fits were made with other offsets than the face model's.
    """
    data = Path(data_dir)
    model = read_face_model(face_model_path) if face_model_path else None
    store = FaceStore.read(data, held_back=True, model=model, limit=per_source)
    faces = RealFaces(store, read_material(data / "material"), model)
    for index in range(len(store)):
        matrix = tracker_error(np.random.default_rng([7, index]))
        pair = []
        for covered in (False, True):
            rng = np.random.default_rng([11, index])
            about = {"source": store.source(index), "key": store.keys[index]}
            pair.append(faces.sample(rng, index, covered, matrix, poor=False) | about)
        yield pair[0], pair[1]
