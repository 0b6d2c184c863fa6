"""Portraits among the training samples: the contract of a sample, who is left out, the same seed, the same samples."""

from itertools import islice

import numpy as np
import pytest

torch = pytest.importorskip("torch")
cv2 = pytest.importorskip("cv2")
pytest.importorskip("numba")

from peekaboo_training.covers.material import Material
from peekaboo_training.data.faces import is_held_back
from peekaboo_training.data.store import FaceStore
from peekaboo_training.dataset.face_dataset import FaceDataset, Shares
from peekaboo_training.portraits.lift import prepare
from peekaboo_training.portraits.portrait import PORTRAITS_FOLDER, portrait_path
from peekaboo_training.portraits.samples import PortraitFaces
from peekaboo_training.portraits.surface import PortraitSurface
from peekaboo_training.scene.camera import project
from portrait_people import MODEL_FILE, KnownMattes, published_model, write_people

ALL = Shares(negatives=0, renders=0, portraits=1, covered=0, twins=0)


def names() -> list[str]:
    """Four people who are trained on and two who are held back."""
    numbers = [str(k) for k in range(300)]
    return [n for n in numbers if not is_held_back(n)][:4] + [n for n in numbers if is_held_back(n)][:2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Labels, fits and prepared portraits of six people; the held-back ones are prepared as well."""
    folder = tmp_path_factory.mktemp("data")
    mattes = write_people(folder, names())
    surface = PortraitSurface(published_model())
    for held_back in (False, True):
        store = FaceStore.read(folder, held_back=held_back, model=published_model())
        order = np.random.default_rng(0).permutation(len(store))
        known = KnownMattes([mattes[store.keys[k]] for k in order])
        assert prepare(store, surface, known, folder / PORTRAITS_FOLDER) == len(store)
        assert prepare(store, surface, KnownMattes([]), folder / PORTRAITS_FOLDER) == 0
    return folder


def samples(folder, count: int, shares: Shares, seed: int = 1) -> list[dict]:
    return list(islice(FaceDataset(folder, MODEL_FILE, seed, shares=shares), count))


def test_samples_are_exact_and_nothing_is_in_front(folder):
    model = published_model()
    origin, drawn = torch.from_numpy(model.origin), samples(folder, 16, ALL)
    for sample in drawn:
        assert sample["exact"] == sample["presence"] == sample["has_points"] == sample["has_fit"] == 1
        assert sample["true_colour"] == 0 and sample["image"].shape == (3, 192, 192)
        assert 0 <= sample["image"].min() and sample["image"].max() <= 1
        shape = model.mediapipe_points(model.vertices(sample["identity"], sample["expression"])).astype(np.float32)
        points = project(torch.from_numpy(shape), torch.from_numpy(sample["pose"]), origin).numpy()
        assert np.linalg.norm(points[:, :2] - sample["points"][:, :2], axis=1).mean() < 0.1
    plain = [sample for sample in drawn if sample["mask"][0].max() < 0.01]  # others got clear spectacles' rims
    assert len(plain) == len(drawn)
    assert len({sample["image"].tobytes() for sample in drawn}) == len(drawn)


def test_covers_are_pasted_and_known(folder):
    covered = samples(folder, 12, Shares(negatives=0, renders=0, portraits=1, covered=1, twins=0))
    assert all(sample["covered"] == 1 for sample in covered)
    assert sum(sample["mask"][0].mean() > 0.02 for sample in covered) > 6


def test_pairs_show_one_person(folder):
    shares = Shares(negatives=0, renders=0, portraits=1, covered=0.5, twins=1)
    drawn = samples(folder, 24, shares)
    for first, second in zip(drawn[::2], drawn[1::2], strict=True):
        assert first["twin"] == second["twin"] > 0 and first["person"] == second["person"]
        assert np.array_equal(first["identity"], second["identity"])
        assert np.array_equal(first["points"], second["points"]) == bool(first["same_crop"])


def test_the_same_seed_gives_the_same_samples(folder):
    first, again, other = (samples(folder, 4, ALL, seed) for seed in (5, 5, 6))
    assert all(np.array_equal(a["image"], b["image"]) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0]["image"], other[0]["image"])


def test_held_back_people_never_appear(folder):
    held = [name for name in names() if is_held_back(name)]
    assert len(held) == 2 and all(portrait_path(folder / PORTRAITS_FOLDER, f"people/{n}").exists() for n in held)
    store = FaceStore.read(folder, held_back=False, model=published_model())
    faces = PortraitFaces(published_model(), store, Material(), folder / PORTRAITS_FOLDER)
    assert len(faces.keys) == 4
    rng = np.random.default_rng(0)
    shown = {faces.draw(rng)[0].source.portrait.key for _ in range(40)}
    assert shown == {f"people/{name}" for name in names() if not is_held_back(name)}


def test_all_kinds_are_mixed_by_their_shares(folder):
    shares = Shares(negatives=0.2, renders=0.2, portraits=0.3, twins=0)
    drawn = samples(folder, 200, shares)
    renders = sum(sample["exact"] == 1 and np.abs(sample["light"]).sum() > 0 for sample in drawn)
    portraits = sum(sample["exact"] == 1 and np.abs(sample["light"]).sum() == 0 for sample in drawn)
    negatives = sum(sample["presence"] == 0 for sample in drawn)
    assert renders == pytest.approx(40, abs=20) and portraits == pytest.approx(60, abs=20)
    assert negatives == pytest.approx(40, abs=20)


def test_what_is_missing_is_named(folder, tmp_path):
    with pytest.raises(ValueError, match="face model"):
        FaceDataset(folder, shares=Shares(portraits=0.1))
    write_people(tmp_path / "bare", names())
    with pytest.raises(FileNotFoundError, match="prepare-portraits"):
        FaceDataset(tmp_path / "bare", MODEL_FILE, shares=Shares(portraits=0.1))
