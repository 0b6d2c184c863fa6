"""Faces, covers and samples, on synthetic pictures."""

import dataclasses

import numpy as np
import pytest

torch = pytest.importorskip("torch")
cv2 = pytest.importorskip("cv2")

from peekaboo_training.covers import wear
from peekaboo_training.covers.choose import cover, draw
from peekaboo_training.covers.glasses import drawn_sunglasses
from peekaboo_training.covers.hair import hair
from peekaboo_training.covers.material import Material, make_sprite
from peekaboo_training.covers.paste import FaceView, Layer, Masks, fill, outline_of, paste, polygon, warp_sprite
from peekaboo_training.data.faces import is_held_back, read_faces, write_faces
from peekaboo_training.data.fits import Fits
from peekaboo_training.data.jitter import crop_matrix, tracker_error
from peekaboo_training.data.negatives import cut, no_face
from peekaboo_training.data.real_faces import RealFaces
from peekaboo_training.data.sample import to_cells
from peekaboo_training.data.store import FaceStore
from peekaboo_training.dataset import face_dataset as data
from peekaboo_training.dataset.replay import Replay
from peekaboo_training.dataset.validation import validation_items
from peekaboo_training.scene.mirror import POINT_MIRROR

BLENDSHAPES = ["_neutral", "eyeBlinkLeft", "jawOpen", "mouthPucker"]


def face_points() -> np.ndarray:
    """An oval of points in a 240x240 crop, eye corners level, mirrored points at mirrored places."""
    rng = np.random.default_rng(3)
    points = np.zeros((478, 3), np.float32)
    points[:, :2] = 119.5 + rng.uniform(-50, 50, (478, 2))
    points[POINT_MIRROR, 1] = points[:, 1]
    points[POINT_MIRROR, 0] = 239 - points[:, 0]
    middle = POINT_MIRROR == np.arange(478)
    points[middle, 0] = 119.5
    return points


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(0)
    (tmp_path / "labels").mkdir()
    pictures = [cv2.imencode(".jpg", rng.integers(0, 255, (240, 240, 3), np.uint8))[1].tobytes() for _ in range(60)]
    write_faces(tmp_path / "labels" / "some.npz", pictures, np.stack([face_points()] * 60),
                rng.uniform(0, 1, (60, 4)), BLENDSHAPES, [f"{k}" for k in range(60)])  # fmt: skip
    return tmp_path


def test_collections_survive_writing_and_reading(folder):
    faces = read_faces(folder / "labels" / "some.npz")
    assert len(faces) == 60 and faces.blendshape_names == BLENDSHAPES
    assert cv2.imdecode(faces.encoded(59), cv2.IMREAD_COLOR).shape == (240, 240, 3)


def test_a_name_that_is_there_twice_has_no_fit(folder):
    faces = read_faces(folder / "labels" / "some.npz")
    names = [name for name in faces.names if not is_held_back(name)][:3]
    faces = dataclasses.replace(faces, names=[*names, names[1]])
    fits = Fits([f"some/{name}" for name in faces.names], *(np.zeros(4) for _ in range(6)))
    assert FaceStore([faces], held_back=False, fits=fits).fit_of.tolist() == [0, -1, 2, -1]
    once = Fits(fits.keys[:3], *(np.zeros(3) for _ in range(6)))
    assert FaceStore([faces], held_back=False, fits=once).fit_of.tolist() == [0, -1, 2, -1]


def test_without_labels_the_reason_is_given(tmp_path):
    with pytest.raises(FileNotFoundError, match="label command"):
        data.FaceDataset(tmp_path)


def test_cells_cover_two_by_two_pixels():
    mask = np.zeros((192, 192), np.float32)
    mask[10:12, 20:22] = 1
    mask[12, 22] = 1
    cells = to_cells(mask)
    assert cells[5, 10] == 1 and cells[6, 11] == 0.25 and cells.sum() == 1.25


def test_the_undisturbed_crop_is_the_middle_of_the_stored_one():
    picture = np.random.default_rng(0).integers(0, 255, (240, 240, 3), np.uint8)
    assert (cut(picture, crop_matrix(0, 1, np.zeros(2))) == picture[24:216, 24:216]).all()


def test_polygons_and_sprites_land_on_the_pixels_that_are_meant():
    alpha = polygon(np.array([[50, 60], [69, 60], [69, 79], [50, 79]]))
    assert (alpha[60:80, 50:70] > 200).all() and alpha[59, 60] < 128 and alpha[60, 49] < 128
    rgba = np.full((64, 64, 4), 255, np.uint8)
    for scale in (1.0, 0.5, 0.2):
        layer = warp_sprite(make_sprite(rgba), np.array([[scale, 0, 40.0], [0, scale, 50.0]]))
        ys, xs = np.nonzero(layer.alpha > 0.5)
        assert (xs.mean(), ys.mean()) == pytest.approx((40 + scale * 31.5, 50 + scale * 31.5), abs=0.3)


def test_layers_over_each_other_keep_premultiplied_colour():
    top = fill(np.full((192, 192), 128, np.uint8), np.array([200.0, 0, 0]))
    both = top.over(fill(np.full((192, 192), 255, np.uint8), np.array([0.0, 100, 0])))
    assert np.allclose(both.alpha, 1, atol=1e-5)
    assert np.allclose(both.colour[0, 0], [200 * 128 / 255, 100 * 127 / 255, 0], atol=1e-3)


def test_every_kind_of_cover_draws_something_within_bounds():
    rng = np.random.default_rng(5)
    picture = np.full((192, 192, 3), 120, np.uint8)
    view = FaceView.of(picture, face_points() - np.array([24, 24, 0], np.float32))
    hand = np.zeros((128, 64, 4), np.uint8)
    hand[20:, 10:50] = [200, 150, 120, 255]
    material = Material(hands=[make_sprite(hand)])
    layers = [draw(rng, material, view) for _ in range(60)]
    layers += [kind(rng, material, view) for kind in (wear.face_mask, wear.sunglasses, wear.hat, wear.scarf)]
    for layer in layers:
        assert layer.colour.shape == (192, 192, 3) and layer.alpha.min() >= 0 and layer.alpha.max() <= 1 + 1e-5
        assert layer.colour.min() >= 0 and (layer.colour <= 255.5 * layer.alpha[..., None] + 60).all()
    assert np.mean([layer.alpha.sum() > 30 for layer in layers]) > 0.9


def test_photographed_sunglasses_come_in_other_colours_too_and_keep_their_outline():
    view = FaceView.of(np.full((192, 192, 3), 120, np.uint8), face_points() - np.array([24, 24, 0], np.float32))
    glasses = np.zeros((40, 120, 4), np.uint8)
    glasses[5:35, 5:115] = [90, 90, 90, 255]
    material = Material(sunglasses=[make_sprite(glasses)])
    with_photographs = [k for k in range(60) if np.random.default_rng(k).random() >= 0.55]
    layers = [wear.sunglasses(np.random.default_rng(k), material, view) for k in with_photographs]
    middles = np.array([layer.colour[layer.alpha > 0.99].mean(axis=0) for layer in layers])
    grey = np.ptp(middles, axis=1) < 2
    brown = (middles[:, 0] > 1.2 * middles[:, 1]) & (middles[:, 1] > 1.1 * middles[:, 2])
    assert grey.sum() > 5 and brown.sum() > 2
    assert all((layer.colour <= 255 * layer.alpha[..., None] + 1e-3).all() for layer in layers)


def test_some_lenses_have_the_colour_of_the_skin_about_them():
    skin = np.array([200, 90, 30], np.uint8)  # no colour of lenses
    view = FaceView.of(np.full((192, 192, 3), skin), face_points() - np.array([24, 24, 0], np.float32))
    rng, alike = np.random.default_rng(2), 0
    for _ in range(80):
        glass = drawn_sunglasses(rng, Material(), view).glass
        through = glass.reshape(-1, 3)[glass.max(2).argmax()]
        alike += through.max() > 0.02 and np.allclose(through / through.max(), skin / skin.max(), atol=0.01)
    assert 5 < alike < 40


class Faceless:
    """Faces of one colour beside a ground of another."""

    def missed(self, rng):
        return np.full((192, 192, 3), 40, np.float32)

    def whole(self, rng):
        return np.full((192, 192, 3), 150, np.float32), face_points() - np.array([24, 24, 0], np.float32)


def test_some_pictures_without_a_face_show_a_hand_in_its_place():
    hand = np.zeros((128, 96, 4), np.uint8)
    hand[4:, 4:92] = [250, 10, 10, 255]
    rng, shares = np.random.default_rng(9), []
    for _ in range(200):
        picture, masks = no_face(rng, Faceless(), Material(hands=[make_sprite(hand)]))
        mask = masks.occluder
        if np.abs(picture[mask < 0.01] - 40).mean() < 12 and mask.max() > 0.9:  # beside the face, its shadow allowed
            shares.append((mask[48:144, 48:144] > 0.5).mean())
    assert 8 < len(shares) < 40
    assert np.median(shares) > 0.3
    for _ in range(60):
        no_face(rng, Faceless(), Material())  # without hands there are none


def test_headwear_is_own_everywhere_and_an_occluder_only_over_the_face():
    alpha = np.zeros((192, 192), np.float32)
    points = face_points() - np.array([24, 24, 0], np.float32)
    view = FaceView.of(np.full((192, 192, 3), 120, np.float32), points)
    alpha[: int(view.centre[1])] = 1
    layer = Layer(np.zeros((192, 192, 3), np.float32), alpha, own=True)
    masks, face = Masks.empty().under(layer, view), outline_of(points)
    assert masks.own[alpha > 0].min() == 1 and masks.own[alpha == 0].max() == 0
    assert np.allclose(masks.occluder, alpha * face)
    assert masks.own_known[alpha > 0].min() == 1
    hand = Layer(np.zeros((192, 192, 3), np.float32), np.ones((192, 192), np.float32))
    assert masks.under(hand, view).own.max() == 0 and masks.under(hand, view).occluder.min() == 1


def test_hair_is_own_and_no_occluder():
    rng = np.random.default_rng(5)
    picture = np.full((192, 192, 3), 150, np.float32)
    view = FaceView.of(picture, face_points() - np.array([24, 24, 0], np.float32))
    drawn = [hair(rng, picture, view) for _ in range(12)]
    assert any(layer.own for layer in drawn)
    for layer in drawn:
        assert not Masks.empty().under(layer, view).occluder.any()


def test_reused_pictures_are_photographed_anew(folder):
    stream = iter(data.FaceDataset(folder, seed=4, reuse=3))
    replay = Replay(lambda rng: [{"picture": np.full((1,), rng.integers(10**9))}], reuse=3, capacity=50)
    rng = np.random.default_rng(0)
    drawn = [int(replay.draw(rng)[0]["picture"][0]) for _ in range(3000)]
    assert 900 < len(set(drawn)) < 1150
    assert {"image", "mask"} <= next(stream).keys() and "picture" not in next(stream)
    with pytest.raises(ValueError, match="at least 1"):
        Replay(lambda rng: [], reuse=0.5)


def test_a_tinted_lens_counts_as_an_occluder_and_lets_light_through():
    rng = np.random.default_rng(3)
    lens = np.zeros((192, 192), np.float32)
    lens[80:110, 60:130] = 1
    glass = np.repeat(0.5 * lens[..., None], 3, 2) * [1, 0.5, 0]
    layer = Layer(np.zeros((192, 192, 3), np.float32), lens, glass=glass.astype(np.float32))
    rim = Layer(np.zeros((192, 192, 3), np.float32), np.where(np.arange(192) > 110, lens, 0))
    picture, masks = paste(rng, np.full((192, 192, 3), 200, np.float32), Masks.empty(), rim.over(layer), None)
    mask = masks.occluder
    through, behind_rim, beside = picture[95, 85], picture[95, 120], picture[150, 30]
    assert mask[95, 85] == pytest.approx(1, abs=1e-3) and mask[150, 30] < 1e-3
    assert through[0] > 1.9 * through[1] > 30 and through[2] < 1
    assert behind_rim.max() < 1 and beside.min() > 190


def test_a_cover_never_hides_the_whole_face():
    rng = np.random.default_rng(2)
    picture = np.full((192, 192, 3), 120, np.float32)
    view = FaceView.of(picture, face_points() - np.array([24, 24, 0], np.float32))
    for _ in range(60):
        _, masks = cover(rng, Material(), picture, view, Masks.empty())
        assert (masks.occluder * outline_of(view.points)).sum() < 0.97 * outline_of(view.points).sum()


def test_samples_have_the_contract_s_shapes_and_ranges(folder):
    stream = iter(data.FaceDataset(folder, seed=3))
    shapes = {"image": (3, 192, 192), "points": (478, 3), "identity": (80,), "expression": (52,), "pose": (9,),
              "albedo": (10,), "light": (27,), "mask": (3, 96, 96), "mask_weight": (3, 96, 96)}  # fmt: skip
    samples = [next(stream) for _ in range(60)]
    for sample in samples:
        for name, shape in shapes.items():
            assert sample[name].shape == shape and sample[name].dtype == np.float32, name
        assert 0 <= sample["image"].min() and sample["image"].max() <= 1
        assert 0 <= sample["mask"].min() and sample["mask"].max() <= 1 + 1e-5
        assert sample["has_fit"] == sample["exact"] == 0
        assert sample["has_points"] == sample["presence"]
        assert (sample["mask"][:2].sum(0) <= 1.02).all()
    assert 0 < sum(sample["covered"] for sample in samples) < 60


def test_without_photographs_every_face_is_a_render_and_no_label_is_read(folder):
    from peekaboo_training.settings import MODELS_FOLDER

    (folder / "labels" / "some.npz").write_bytes(b"not to be opened")
    model = MODELS_FOLDER / "peekaboo" / "face-model.bin"
    shares = data.Shares(negatives=0.3, renders=0, photographs=False)
    stream = iter(data.FaceDataset(folder, model, seed=1, shares=shares))
    samples = [next(stream) for _ in range(25)]
    assert all(sample["exact"] == sample["presence"] for sample in samples)
    assert 0 < sum(sample["presence"] == 0 for sample in samples) < 15
    assert sum(sample["covered"] for sample in samples) > 5 and all(sample["person"] == 0 for sample in samples)
    with pytest.raises(ValueError, match="face model"):
        data.FaceDataset(folder, shares=data.Shares(photographs=False))


@pytest.mark.parametrize("covers", ["unlabelled", "none"])
def test_without_labels_of_covers_the_masks_tell_of_no_occluder(folder, covers):
    shares = data.Shares(renders=0, negatives=0, covered=1.0, covers=covers)
    dataset, rng = data.FaceDataset(folder, shares=shares), np.random.default_rng(2)
    samples = [sample for _ in range(12) for sample in dataset.draw(rng)]
    assert all(sample["mask"][0].max() == 0 and sample["mask_weight"][:2].max() == 0 for sample in samples)
    assert all(sample["mask"][1].max() == 1 and np.isfinite(sample["image"]).all() for sample in samples)
    assert any(sample["covered"] for sample in samples) == (covers == "unlabelled")


def test_an_unknown_kind_of_covers_is_refused(folder):
    with pytest.raises(ValueError, match="labelled, unlabelled, none"):
        data.FaceDataset(folder, shares=data.Shares(renders=0, covers="some"))


def test_workers_and_ranks_draw_different_samples(folder):
    first, again, other = (next(iter(data.FaceDataset(folder, seed=3, rank=rank))) for rank in (0, 0, 1))
    assert np.array_equal(first["image"], again["image"])
    assert not np.array_equal(first["image"], other["image"])


def test_loader_batches(folder):
    batch = next(iter(data.make_loader(data.FaceDataset(folder), batch_size=3, workers=0)))
    assert batch["image"].shape == (3, 3, 192, 192) and batch["presence"].shape == (3,)


def test_points_follow_the_picture_through_crop_and_mirror(folder):
    """A bright dot at a point of the stored picture stays under that point."""
    store = FaceStore.read(folder, held_back=False, model=None)
    dot = np.zeros((240, 240, 3), np.uint8)
    x, y = store.points[0][33, :2].round().astype(int)
    store.points[0][33, :2] = x, y
    cv2.circle(dot, (int(x), int(y)), 3, (255, 255, 255), -1)
    store.picture = lambda index: dot
    faces = RealFaces(store, Material(), None)
    for mirrored, name in ((False, 33), (True, 263)):
        rng = np.random.default_rng(9)
        sample = faces.sample(rng, 0, False, tracker_error(rng), mirrored=mirrored, poor=False)
        value = sample["image"].mean(0)
        ys, xs = np.mgrid[:192, :192]
        middle = (value * xs).sum() / value.sum(), (value * ys).sum() / value.sum()
        assert middle == pytest.approx(tuple(sample["points"][name, :2]), abs=0.1)


def test_validation_pairs_are_the_same_each_time_and_differ_only_by_the_cover(folder):
    def pairs():
        return list(validation_items(folder, per_source=5))

    first, second = pairs(), pairs()
    assert len(first) == len(second) > 0
    for (clean, covered), (clean2, covered2) in zip(first, second, strict=True):
        assert np.array_equal(covered["image"], covered2["image"]) and np.array_equal(clean["image"], clean2["image"])
        assert np.array_equal(clean["points"], covered["points"]) and clean["source"] == "some"
        assert clean["mask"][0].max() == 0 and covered["mask"][0].max() > 0.3
        outside = covered["mask"][0] == 0
        assert (clean["mask"][1][outside] == covered["mask"][1][outside]).all()
