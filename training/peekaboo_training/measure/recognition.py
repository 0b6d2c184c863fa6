"""Whether identities of one person are closer to each other than to other people."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from ..covers.material import read_material
from ..data.jitter import tracker_error
from ..data.real_faces import RealFaces
from ..data.store import FaceStore
from ..network.network import PeekabooNetwork
from .evaluate import predict


@torch.no_grad()
def measure_people(network: PeekabooNetwork, data: Path, face_model: Path) -> dict[str, float]:
    """Recognise held-out people with several pictures by their identities on clean crops; see `recognition`."""
    store = FaceStore.read(data, held_back=True, model=None)
    faces = RealFaces(store, read_material(data / "material"), None)
    vectors, people = [], []
    for number in np.unique(store.person):
        pictures = np.flatnonzero(store.person == number)
        for index in pictures[:4] if len(pictures) > 1 else ():
            rng = np.random.default_rng([13, int(index)])
            outputs, _ = predict(network, faces.sample(rng, int(index), False, tracker_error(rng), poor=False))
            vectors.append(outputs.identity[0].numpy())
            people.append(int(number))
    return recognition(np.stack(vectors), np.array(people)) if vectors else {}


def recognition(vectors: np.ndarray, people: np.ndarray) -> dict[str, float]:
    """Rank-1 in % (the nearest other picture is of the same person) and AUC of the cosine of centred vectors (N,K)."""
    centred = vectors - vectors.mean(axis=0)
    cosine = centred @ centred.T / np.outer(*[np.linalg.norm(centred, axis=1).clip(1e-9)] * 2)
    same, other = people[:, None] == people, ~np.eye(len(people), dtype=bool)
    nearest = np.where(other, cosine, -2).argmax(axis=1)
    yes, no = cosine[same & other], cosine[~same]
    ranks = np.argsort(np.argsort(np.concatenate([yes, no]))) + 1
    auc = (ranks[: len(yes)].sum() - len(yes) * (len(yes) + 1) / 2) / (len(yes) * max(len(no), 1))
    figures = {"pictures": len(people), "people": len(np.unique(people)),
               "rank1": 100 * (people[nearest] == people).mean(), "auc": auc}  # fmt: skip
    return {name: round(float(value), 3) for name, value in figures.items()}
