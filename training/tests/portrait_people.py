"""Portraits for tests: heads rendered with the published face model, with exact fits and mattes."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from peekaboo_training.data.faces import BORDER, STORED_SIZE, write_faces
from peekaboo_training.data.fits import Fit, Fits
from peekaboo_training.data.jitter import crop_matrix
from peekaboo_training.data.rendered_heads import HeadParameters, HeadRenderer
from peekaboo_training.face_model.format import EXPRESSION_NAMES, FaceModel, read_face_model
from peekaboo_training.portraits.choose import rotation_of
from peekaboo_training.settings import MODELS_FOLDER

MODEL_FILE = MODELS_FOLDER / "peekaboo" / "face-model.bin"


def published_model() -> FaceModel:
    return read_face_model(MODEL_FILE)


class Photographer:
    """Renders heads as stored crops (240, 240, 3), with their mattes and fits."""

    def __init__(self) -> None:
        self.model = published_model()
        self._renderer = HeadRenderer(self.model)

    def photograph(self, seed: int, yaw: float = 0.0, jaw: float = 0.0
                   ) -> tuple[np.ndarray, np.ndarray, Fit, np.ndarray]:  # fmt: skip
        """Give picture, matte, fit and points (478, 3) of a person before a striped wall, lit from the left."""
        rng = np.random.default_rng(seed)
        identity, expression = rng.normal(0, 0.5, 80).astype(np.float32), np.zeros(52, np.float32)
        expression[EXPRESSION_NAMES.index("mouthSmileLeft")] = 0.3
        expression[EXPRESSION_NAMES.index("jawOpen")] = jaw
        light = np.zeros((3, 9), np.float32)
        light[:, 2], light[:, 3] = 0.6, -0.5
        vertices = self._renderer.vertices(identity, expression)
        pose = self._renderer.place(vertices, rotation_of(yaw, 3, 0), crop_matrix(0, 1, np.zeros(2)))
        head = HeadParameters(identity, expression, np.zeros(10, np.float32), light.reshape(27), pose)
        wall = np.full((192, 192, 3), 90, np.float32)
        wall[:, ::16] = 160
        drawn = self._renderer.draw(head, vertices, self._renderer.albedo(head.albedo), wall, [])
        around = ((BORDER, BORDER), (BORDER, BORDER))
        picture = np.pad(drawn.picture, (*around, (0, 0)), "edge").round().astype(np.uint8)
        matte = np.pad(drawn.coverage, around).astype(np.float32)
        fit = Fit(identity, expression, pose.rotation.numpy(), pose.translation.numpy() + BORDER,
                          np.float32(pose.scale))  # fmt: skip
        return picture, matte, fit, drawn.points + np.array([BORDER, BORDER, 0], np.float32)


def write_people(folder: Path, names: list[str]) -> dict[str, np.ndarray]:
    """Write labels and fits of rendered people under `folder`; gives their mattes by key."""
    photographer = Photographer()
    shots = [photographer.photograph(k) for k in range(len(names))]
    jpegs = [cv2.imencode(".jpg", picture[..., ::-1])[1].tobytes() for picture, *_ in shots]
    (folder / "labels").mkdir(parents=True)
    scores = np.zeros((len(names), len(EXPRESSION_NAMES)))
    write_faces(folder / "labels" / "people.npz", jpegs, np.stack([points for *_, points in shots]), scores,
                list(EXPRESSION_NAMES), names)  # fmt: skip
    fits = [fit for _, _, fit, _ in shots]
    keys = [f"people/{name}" for name in names]
    arrays = (np.stack([getattr(fit, name) for fit in fits]) for name in
              ("identity", "expression", "rotation", "translation", "scale"))  # fmt: skip
    Fits(keys, *arrays, np.full(len(names), 0.5), photographer.model.mediapipe_offset).save(folder / "fits.npz")
    return {key: matte for key, (_, matte, _, _) in zip(keys, shots, strict=True)}


class KnownMattes:
    """Stands in for the segmentation network: gives the rendered mattes in the order in which they are asked for."""

    def __init__(self, mattes: list[np.ndarray]) -> None:
        self._mattes = iter(mattes)

    def matte(self, picture: np.ndarray) -> np.ndarray:
        assert picture.shape == (STORED_SIZE, STORED_SIZE, 3)
        return next(self._mattes)
