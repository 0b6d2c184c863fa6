"""Rendered hands: the bank, and how its hands cover a face."""

import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")
cv2 = pytest.importorskip("cv2")
pytest.importorskip("numba")

from peekaboo_training.covers.hair import hair
from peekaboo_training.covers.hand_place import placement, rendered_hand
from peekaboo_training.covers.headwear import FACE_OVAL, cap, hood, woollen_hat
from peekaboo_training.covers.material import BANK_FILE, Material, RenderedHand, make_sprite, read_bank
from peekaboo_training.covers.paste import FaceView, Masks, paste
from peekaboo_training.hand_bank.poses import POSES
from peekaboo_training.scene.mirror import POINT_MIRROR

SPRITES = 24
BROWS = [70, 63, 105, 66, 107, 55, 9, 285, 336, 296, 334, 293, 300]


def face_view(skin: int = 120) -> FaceView:
    """A face of an oval of points in the middle of the crop."""
    rng = np.random.default_rng(3)
    turn, reach = rng.uniform(0, 2 * np.pi, 478), np.sqrt(rng.uniform(0, 1, 478))
    points = np.zeros((478, 3), np.float32)
    points[:, :2] = 95.5 + np.stack([48 * np.cos(turn) * reach, 64 * np.sin(turn) * reach], 1)
    points[POINT_MIRROR, 1] = points[:, 1]
    points[POINT_MIRROR, 0] = 191 - points[:, 0]
    around = np.linspace(0, 2 * np.pi, len(FACE_OVAL), endpoint=False)
    points[FACE_OVAL, :2] = 95.5 + np.stack([48 * np.sin(around), -64 * np.cos(around)], 1)
    points[33, :2], points[263, :2] = [70.5, 81.5], [120.5, 81.5]
    points[BROWS, :2] = 95.5 + np.stack([np.linspace(-36, 36, len(BROWS)), np.full(len(BROWS), -22)], 1)
    return FaceView.of(np.full((192, 192, 3), skin, np.uint8), points)


def plain_hand(pose: str, skin: tuple[int, int, int]) -> RenderedHand:
    """A hand 40 px wide and 120 long, wrist at 90, finger tips at the upper edge."""
    rgba = np.zeros((120, 40, 4), np.uint8)
    rgba[...] = [*skin, 255]
    tips = np.array([[4, 2], [20, 0], [36, 2]], np.float32)
    return RenderedHand(make_sprite(rgba), pose, "", np.array(skin, np.float32), tips, tips,
                        np.array([20, 50], np.float32), np.array([20, 90], np.float32),
                        np.array([0, 1], np.float32), 0.75)  # fmt: skip


@pytest.fixture(scope="module")
def studio():
    pytest.importorskip("anny")
    from peekaboo_training.hand_bank.studio import Studio

    return Studio(5, [])


@pytest.fixture(scope="module")
def sprites(studio):
    return [studio.make(index) for index in range(SPRITES)]


def test_a_sprite_depends_on_seed_and_index_alone(studio, sprites):
    again, entry = studio.make(7)
    assert (again == sprites[7][0]).all() and entry == sprites[7][1]
    other, _ = studio.make(8)
    assert other.shape != again.shape or (other != again).any()


def test_alpha_is_clean_inside_and_soft_at_the_edge(sprites):
    for rgba, _ in sprites:
        alpha = rgba[..., 3]
        inner = cv2.erode((alpha > 127).astype(np.uint8), np.ones((5, 5))) > 0
        assert (alpha[inner] > 250).mean() > 0.98
        outside = cv2.dilate((alpha > 127).astype(np.uint8), np.ones((5, 5))) == 0
        assert alpha[outside].max(initial=0) < 128
        assert ((alpha > 8) & (alpha < 247)).sum() > 60


def test_the_bank_has_palms_and_backs_of_all_tones(studio, sprites):
    turns = np.array([entry.turn for _, entry in sprites])
    palms = np.cos(np.radians(turns)) < -0.2
    assert 0.1 < palms.mean() < 0.8
    tones = np.array([np.mean(entry.tone) for _, entry in sprites])
    assert tones.min() < 0.07 and tones.max() > 0.3
    assert {entry.side for _, entry in sprites} == {"left", "right"}
    assert any(entry.skin_share < 0.8 for _, entry in sprites)


def test_the_places_lie_on_the_hand(sprites):
    for rgba, entry in sprites:
        assert entry.pose in POSES
        height, width = rgba.shape[:2]
        seen = np.array(entry.tips + entry.knuckles)[entry.seen].round().astype(int)
        near = cv2.dilate((rgba[..., 3] > 127).astype(np.uint8), np.ones((17, 17)))
        padded = np.pad(near, 40)
        inside = (seen > -40).all(1) & (seen < [width + 40, height + 40]).all(1)
        assert padded[seen[inside, 1] + 40, seen[inside, 0] + 40].mean() > 0.85 if inside.any() else True


def test_a_bank_is_read_as_it_was_written(tmp_path, sprites):
    from dataclasses import asdict

    from peekaboo_training.hand_bank.bank import read_list, write_list

    entries = []
    for index, (rgba, entry) in enumerate(sprites[:3]):
        cv2.imwrite(str(tmp_path / f"{index}.png"), cv2.cvtColor(rgba, cv2.COLOR_RGBA2BGRA))
        entries.append({"file": f"{index}.png"} | asdict(entry))
    write_list(tmp_path / BANK_FILE, entries, 5)
    assert read_list(tmp_path / BANK_FILE, 5) == json.loads(json.dumps(entries))
    with pytest.raises(ValueError, match="--seed 5"):
        read_list(tmp_path / BANK_FILE, 6)
    bank = read_bank(tmp_path)
    assert [hand.pose for hand in bank] == [entry.pose for _, entry in sprites[:3]]
    for hand, (rgba, entry) in zip(bank, sprites, strict=False):
        assert hand.sprite.size == (rgba.shape[1], rgba.shape[0])
        assert len(hand.contacts) == max(sum(entry.seen), 1)


def test_without_a_bank_there_are_no_rendered_hands(tmp_path):
    assert read_bank(tmp_path) == []


def test_the_mask_is_the_alpha_that_was_pasted():
    rng = np.random.default_rng(2)
    face = face_view()
    material = Material(rendered_hands=[plain_hand("open", (250, 20, 20))])
    for _ in range(20):
        layer = rendered_hand(rng, material, face)
        before = np.zeros((192, 192, 3), np.float32)
        picture, masks = paste(rng, before, Masks.empty(), layer, None)
        mask = masks.occluder
        share = picture[..., 0] / max(picture[..., 0].max(), 1)
        assert np.abs(share - mask)[mask > 0.02].max(initial=0) < 0.06 and picture[mask == 0].max(initial=0) == 0


def test_hands_have_the_size_of_hands():
    rng = np.random.default_rng(4)
    hand, face = plain_hand("open", (200, 150, 120)), face_view()
    scales = [np.sqrt(abs(np.linalg.det(placement(rng, hand, face)[:, :2]))) for _ in range(200)]
    lengths = 185 * 0.75 * np.array(scales) / face.size
    assert 0.85 < lengths.min() and lengths.max() < 1.3


def test_fists_under_the_chin_hide_little():
    rng = np.random.default_rng(6)
    face = face_view()
    material = Material(rendered_hands=[plain_hand("chin-rest", (200, 150, 120))])
    oval = np.zeros((192, 192), np.uint8)
    cv2.ellipse(oval, (95, 95), (48, 64), 0, 0, 360, 1, -1)
    hidden = [(rendered_hand(rng, material, face).alpha * oval).sum() / oval.sum() for _ in range(200)]
    assert np.mean([0.002 < share < 0.08 for share in hidden]) > 0.3


def test_of_many_hands_one_of_the_faces_colour_is_preferred():
    rng = np.random.default_rng(8)
    dark, light = plain_hand("open", (50, 35, 28)), plain_hand("open", (225, 190, 170))
    material = Material(rendered_hands=[dark, light])
    face = face_view(40)
    reds = [layer.colour[..., 0].max() for layer in (rendered_hand(rng, material, face) for _ in range(60))]
    assert np.mean(np.array(reds) < 80) > 0.6 and max(reds) > 90


def test_hair_is_drawn_but_is_no_occluder():
    rng = np.random.default_rng(9)
    face, picture = face_view(), np.full((192, 192, 3), 120, np.float32)
    for _ in range(10):
        layer = hair(rng, picture, face)
        assert layer.alpha.sum() > 30 and layer.alpha.max() <= 1 + 1e-5
        after, masks = paste(rng, picture, Masks.empty(), layer, face)
        mask = masks.occluder
        assert mask.max() == 0 and np.abs(after - picture).max() > 10


@pytest.mark.parametrize("kind", [cap, woollen_hat, hood])
def test_headwear_covers_the_upper_rim_and_leaves_the_middle(kind):
    rng = np.random.default_rng(10)
    face = face_view()
    layers = [kind(rng, Material(), face) for _ in range(20)]
    above = face.points[10, :2].round().astype(int) - [0, 12]
    middle = face.centre.round().astype(int) + [0, 6]
    assert np.mean([layer.alpha[above[1], above[0]] > 0.5 for layer in layers]) > 0.8
    assert all(layer.alpha[middle[1], middle[0]] < 0.5 for layer in layers)
