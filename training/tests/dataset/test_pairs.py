"""Pairs of samples of one person, what a person's pictures share, and the losses that pairs have."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
cv2 = pytest.importorskip("cv2")

from peekaboo_training.covers.material import Material
from peekaboo_training.data.faces import LabelledFaces, is_held_back
from peekaboo_training.data.fits import Fits
from peekaboo_training.data.real_faces import RealFaces
from peekaboo_training.data.store import FaceStore
from peekaboo_training.dataset import face_dataset as data
from peekaboo_training.learn.coefficient_losses import person_loss
from peekaboo_training.learn.point_losses import drift_loss
from peekaboo_training.network.network import PeekabooNetwork
from peekaboo_training.scene.geometry import FaceGeometry, similarities
from synthetic_samples import random_face_model, random_sample

torch.set_num_threads(1)
PEOPLE = [name for name in (f"Some_One{chr(97 + k)}" for k in range(26)) if not is_held_back(f"{name}_0001")][:2]


def people_store(fitted=True):
    """Two pictures of a first person (the second turned away), one of another."""
    names = [f"{PEOPLE[0]}_0001", f"{PEOPLE[0]}_0002", f"{PEOPLE[1]}_0001"]
    points = np.zeros((3, 478, 3), np.float32)
    points[:, 454, 0] = 100
    points[1, 454, 2] = 100
    jpeg = cv2.imencode(".jpg", np.zeros((240, 240, 3), np.uint8))[1]
    faces = LabelledFaces("some", np.tile(jpeg, 3), np.arange(4) * len(jpeg), points, np.zeros((3, 0)), [], names)
    identity = np.zeros((3, 80), np.float32)
    identity[:, 0] = [0, 3, 5]
    fits = Fits([f"some/{name}" for name in names], identity, *(np.zeros(3) for _ in range(5)))
    return FaceStore([faces], held_back=False, fits=fits if fitted else None)


@pytest.fixture
def store():
    return people_store()


def test_a_person_s_identity_is_the_mean_of_the_pictures_and_turned_ones_count_less(store):
    weight = np.cos(np.pi / 4) ** 2
    expected = 3 * weight / (1 + weight)
    identities = [store.trusted_fit(k).identity[0] for k in range(3)]
    assert identities == pytest.approx([expected, expected, 5])


def test_another_picture_is_of_the_same_person(store):
    rng = np.random.default_rng(0)
    assert {store.other_picture(rng, 0) for _ in range(5)} == {1}
    assert store.other_picture(rng, 2) == 2


def test_pairs_follow_each_other_and_the_same_crop_has_the_same_points():
    store = people_store(fitted=False)
    stream = data.FaceDataset.__new__(data.FaceDataset)
    stream.real, stream._heads = RealFaces(store, Material(), None), None
    stream._cumulative, stream.shares = np.array([1.0, 1.0, 1.0]), data.Shares(negatives=0, twins=1.0)
    rng, kinds = np.random.default_rng(4), set()
    for _ in range(12):
        first, second = stream.draw(rng)
        assert first["twin"] == second["twin"] > 0 and first["person"] == second["person"] > 0
        kinds.add(float(first["same_crop"]))
        if first["same_crop"]:
            assert np.array_equal(first["points"], second["points"])
            assert (first["covered"], second["covered"]) == (0, 1)
        else:
            assert not np.array_equal(first["points"], second["points"])
    assert kinds == {0.0, 1.0}


def test_drift_moves_the_covered_face_only():
    geometry, sample = FaceGeometry(random_face_model(), 60, 60), random_sample(4)
    outputs = PeekabooNetwork()(sample["image"])
    identity = torch.zeros(4, 80)
    identity[1, 0] = 1.0
    outputs = outputs._replace(
        identity=identity.requires_grad_(), expression=torch.zeros(4, 52), pose=torch.zeros(4, 9)
    )
    loss = drift_loss(outputs, sample, geometry)["drift"]
    loss.backward()
    assert loss > 0 and identity.grad[1].abs().sum() > 0
    assert identity.grad[0].abs().sum() == 0 and identity.grad[2:].abs().sum() == 0
    apart = sample | {"same_crop": torch.zeros(4)}
    assert drift_loss(outputs, apart, geometry)["drift"] == 0


def test_person_loss_is_small_where_people_are_told_apart():
    sample = random_sample(8) | {"person": torch.tensor([1, 1, 2, 2, 3, 3, 0, 0])}
    outputs = PeekabooNetwork()(sample["image"])
    apart = torch.zeros(8, 80)
    apart[torch.arange(6), torch.arange(6) // 2] = 1.0
    mixed = apart[[0, 2, 4, 0, 2, 4, 0, 0]]
    good, bad = (float(person_loss(outputs._replace(identity=i), sample)["person"]) for i in (apart, mixed))
    assert good < 0.05 and bad > 5


def test_form_leaves_out_turns_shifts_and_size():
    vertices = np.random.default_rng(0).normal(0, 50, (40, 3))
    basis = similarities(vertices)
    assert np.allclose(basis.T @ basis, np.eye(7), atol=1e-6)
    moved = 1.02 * vertices + np.cross([0.01, 0.02, -0.01], vertices) + [1, 2, 3] - vertices
    left = moved.ravel() - basis @ (basis.T @ moved.ravel())
    assert np.abs(left).max() < 0.03
