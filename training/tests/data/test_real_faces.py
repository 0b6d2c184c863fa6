"""Fits of photographs: mirrored with the picture, left out where poor, refused where made with another model."""

import dataclasses

import numpy as np
import pytest

torch = pytest.importorskip("torch")
cv2 = pytest.importorskip("cv2")

from peekaboo_training.covers.material import Material
from peekaboo_training.data.faces import LabelledFaces, is_held_back, write_faces
from peekaboo_training.data.fits import TRUSTED_FIT, Fits
from peekaboo_training.data.jitter import crop_matrix
from peekaboo_training.data.picture_files import write_files
from peekaboo_training.data.real_faces import RealFaces
from peekaboo_training.data.store import FaceStore
from peekaboo_training.data.surroundings import Surroundings
from peekaboo_training.dataset.face_dataset import FaceDataset
from peekaboo_training.dataset.validation import validation_items
from peekaboo_training.face_model.format import write_face_model
from peekaboo_training.scene.camera import Pose, project, project_pose
from synthetic_model import synthetic_model

MODEL = synthetic_model()
NAMES = [str(k) for k in range(60)]
JPEG = cv2.imencode(".jpg", np.full((240, 240, 3), 128, np.uint8))[1].tobytes()


def fitted_faces(error: list[float]) -> tuple[np.ndarray, Fits]:
    """Points (N, 478, 3) in the stored crop of random faces, turned a little, and the fits that made them."""
    rng, count = np.random.default_rng(1), len(error)
    identity = rng.normal(0, 0.5, (count, 80)).astype(np.float32)
    expression = rng.uniform(0, 0.5, (count, 52)).astype(np.float32)
    angles = rng.uniform(-0.4, 0.4, count)
    rotation = np.float32([[[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]] for a in angles])
    translation = np.tile(np.float32([110.0, 125.0]), (count, 1))
    scale = np.full(count, 0.8, np.float32)
    points = []
    for k in range(count):
        pose = Pose(*(torch.from_numpy(np.asarray(part[k])) for part in (rotation, translation, scale)))
        vertices = MODEL.vertices(identity[k], expression[k])
        surface = torch.from_numpy(MODEL.mediapipe_points(vertices).astype(np.float32))
        points.append(project_pose(surface, pose, torch.from_numpy(MODEL.origin)).numpy())
    keys = [f"some/{name}" for name in NAMES[:count]]
    return np.stack(points), Fits(keys, identity, expression, rotation, translation, scale, np.float32(error))


def faces_of(points: np.ndarray) -> LabelledFaces:
    jpeg = np.frombuffer(JPEG, np.uint8)
    count = len(points)
    offsets, blendshapes = np.arange(count + 1) * len(jpeg), np.zeros((count, 0))
    return LabelledFaces("some", np.tile(jpeg, count), offsets, points, blendshapes, [], NAMES[:count])


def model_points(sample: dict) -> np.ndarray:
    """The 478 points (478, 3), crop px, of the face that a sample's coefficients describe."""
    vertices = MODEL.vertices(sample["identity"], sample["expression"])
    surface = torch.from_numpy(MODEL.mediapipe_points(vertices).astype(np.float32))
    return project(surface, torch.from_numpy(sample["pose"]), torch.from_numpy(MODEL.origin)).numpy()


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_fit_follows_its_picture_through_crop_and_mirror(mirrored):
    points, fits = fitted_faces([1.0, 1.0])
    faces = RealFaces(FaceStore([faces_of(points)], held_back=False, fits=fits), Material(), MODEL)
    matrix = crop_matrix(0.2, 1.1, np.array([4.0, -3.0]))
    for index in (0, 1):
        sample = faces.sample(np.random.default_rng(0), index, False, matrix, mirrored=mirrored, poor=False)
        assert sample["has_fit"] == 1
        assert np.abs(model_points(sample) - sample["points"])[:, :2].max() < 0.05


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_face_without_a_trusted_fit_says_so(mirrored):
    points, fits = fitted_faces([1.0, TRUSTED_FIT, 1.0])
    fits = dataclasses.replace(fits, keys=["some/0", "some/1", "some/unknown"])
    faces = RealFaces(FaceStore([faces_of(points)], held_back=False, fits=fits), Material(), MODEL)
    matrix = crop_matrix(0, 1, np.zeros(2))
    samples = [faces.sample(np.random.default_rng(0), k, False, matrix, mirrored=mirrored) for k in range(3)]
    assert [float(sample["has_fit"]) for sample in samples] == [1, 0, 0]
    assert not any(samples[k][name].any() for k in (1, 2) for name in ("identity", "expression", "pose"))


def test_fits_need_their_model():
    points, fits = fitted_faces([1.0])
    with pytest.raises(ValueError, match="face model"):
        RealFaces(FaceStore([faces_of(points)], held_back=False, fits=fits), Material(), None)


@pytest.fixture
def folder(tmp_path):
    points, fits = fitted_faces([1.0] * len(NAMES))
    (tmp_path / "labels").mkdir()
    blendshapes = ["_neutral", "eyeBlinkLeft", "jawOpen", "mouthPucker"]
    scores = np.zeros((len(NAMES), 4))
    write_faces(tmp_path / "labels/some.npz", [JPEG] * len(NAMES), points, scores, blendshapes, NAMES)
    dataclasses.replace(fits, offset=MODEL.mediapipe_offset).save(tmp_path / "fits.npz")
    write_face_model(tmp_path / "own.bin", MODEL)
    write_face_model(tmp_path / "other.bin", dataclasses.replace(MODEL, mediapipe_offset=MODEL.mediapipe_offset + 1))
    return tmp_path


def test_fits_are_read_with_their_model_alone(folder):
    fitted = sum(float(clean["has_fit"]) for clean, _ in validation_items(folder, folder / "own.bin"))
    assert fitted == sum(is_held_back(name) for name in NAMES) > 0
    assert not any(clean["has_fit"] for clean, _ in validation_items(folder))
    assert FaceStore.read(folder, held_back=False, model=None).fits is None
    assert (folder / "fits.npz").exists()


@pytest.mark.parametrize("read", [FaceDataset, lambda *paths: list(validation_items(*paths))])
def test_fits_of_another_model_are_refused(folder, read):
    with pytest.raises(ValueError, match="run fit again"):
        read(folder, folder / "other.bin")


def test_a_wide_crop_shows_what_is_around_the_stored_crop(tmp_path):
    points, _ = fitted_faces([0.0, 0.0])
    wide = np.full((336, 336, 3), 128, np.uint8)
    wide[:48] = wide[-48:] = wide[:, :48] = wide[:, -48:] = 250
    write_files(tmp_path / "some.npz", NAMES[:1], [cv2.imencode(".png", wide)[1].tobytes()])
    faces = RealFaces(FaceStore([faces_of(points)], held_back=False), Material(), None, None, Surroundings(tmp_path))
    assert [faces.is_wide(k) for k in range(len(faces.store))] == [True, False]
    far = crop_matrix(0, 1 / 1.7, np.zeros(2))
    for mirrored in (False, True):
        around, stored = (faces.sample(np.random.default_rng(1), k, False, far, mirrored=mirrored, poor=False)["image"]
                          for k in (0, 1))  # fmt: skip
        assert np.allclose(around[:, :20], 250 / 255, atol=0.02)
        assert np.allclose(around[:, 40:150, 40:150], 0.5, atol=0.02)
        assert np.allclose(stored, 0.5, atol=0.02)
