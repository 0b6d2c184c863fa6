"""Lifting: light, fill and texture of portraits whose truth is known; what is kept on disk."""

import dataclasses

import numpy as np
import pytest

torch = pytest.importorskip("torch")
cv2 = pytest.importorskip("cv2")
pytest.importorskip("numba")

from peekaboo_training.portraits.kernels import irradiance
from peekaboo_training.portraits.lift import lift
from peekaboo_training.portraits.light import Observations, fit_light, harmonics, shine
from peekaboo_training.portraits.pictures import LINEAR, push_pull
from peekaboo_training.portraits.portrait import Portrait, load_portrait, save_portrait
from peekaboo_training.portraits.surface import PortraitSurface
from peekaboo_training.scene.light import sh9
from portrait_people import Photographer


@pytest.fixture(scope="module")
def photographer():
    return Photographer()


@pytest.fixture(scope="module")
def surface(photographer):
    return PortraitSurface(photographer.model)


@pytest.fixture(scope="module")
def portrait(photographer, surface):
    picture, matte, fit, _ = photographer.photograph(1)
    return lift(surface, "people/1", picture, matte, fit)


def directions(count: int) -> np.ndarray:
    """Unit normals (N, 3) that face the viewer."""
    normals = np.random.default_rng(0).normal(0, 1, (count, 3))
    normals[:, 2] = np.abs(normals[:, 2])
    return (normals / np.linalg.norm(normals, axis=1, keepdims=True)).astype(np.float32)


def test_irradiance_has_the_order_of_the_shared_light():
    normals, light = directions(50), np.random.default_rng(1).normal(0, 1, (3, 9)).astype(np.float32)
    expected = sh9(torch.from_numpy(normals)).numpy() @ light.T
    floor = np.full(3, -100, np.float32)
    assert np.allclose(irradiance(normals, light, floor), expected, atol=1e-5)
    assert np.allclose(harmonics(normals) @ light.T, expected, atol=1e-5)
    assert irradiance(normals, light, np.full(3, 0.5, np.float32)).min() == 0.5


def test_light_is_found_up_to_a_factor_in_spite_of_outliers():
    rng, normals = np.random.default_rng(2), directions(800)
    light = np.zeros((3, 9), np.float32)
    light[:, 0], light[:, 2], light[:, 3] = 2.5, 0.8, -0.7
    albedo = np.full((800, 3), [0.4, 0.3, 0.2])
    colour = albedo * shine(normals, light) * np.exp(rng.normal(0, 0.05, (800, 1)))
    colour[::10] *= 0.2
    basis = rng.normal(0, 0.1, (800, 3, 10))
    fit = fit_light(Observations(colour, normals, np.ones(800), albedo, basis))
    ratio = shine(normals, fit.light) / shine(normals, light)
    assert (np.percentile(ratio, [2, 98]) / np.median(ratio) == pytest.approx([1, 1], abs=0.1)) and fit.error < 0.1


def test_push_pull_keeps_what_is_known_and_fills_the_rest_between():
    values = np.zeros((64, 48, 3), np.float32)
    values[:, 24:] = 1
    weights = np.zeros((64, 48), np.float32)
    weights[:, :8] = weights[:, 40:] = 1
    filled = push_pull(values, weights)
    assert np.allclose(filled[weights > 0], values[weights > 0])
    row = filled[32, :, 0]
    assert row.min() >= 0 and row.max() <= 1 and row[12] < 0.4 and row[36] > 0.6


def test_the_texture_is_free_of_the_light(portrait, surface):
    """The head was lit from one side; both cheeks of its texture are equally bright."""
    x, y, z = np.moveaxis(surface.texel_mean, 2, 0)
    cheek = surface.is_texel & (np.abs(x) > 25) & (np.abs(x) < 45) & (y < surface.eye_height - 30) & (y > -20)
    texture = LINEAR[portrait.texture].mean(2)
    left, right = (np.median(texture[cheek & side]) for side in (x > 0, x < 0))
    sides = np.array([[0.6, 0, 0.8], [-0.6, 0, 0.8]], np.float32)
    lit = shine(sides, portrait.light).mean(1)
    assert lit[1] > 1.3 * lit[0]
    assert left == pytest.approx(right, rel=0.12)


def test_flags_of_a_plain_portrait(portrait):
    assert portrait.bare_temples > 0.9 and portrait.spectacles < 0 and portrait.light_error < 0.15
    assert portrait.colourful > 0.1 and abs(portrait.yaw) < 1


def test_drawn_spectacles_raise_the_score(photographer, surface, portrait):
    picture, matte, fit, points = photographer.photograph(1)
    framed = picture.copy()
    for outer, inner in ((33, 133), (263, 362)):
        centre = points[[outer, inner], :2].mean(0)
        cv2.circle(framed, tuple(int(c) for c in centre), 17, (20, 20, 20), 2, cv2.LINE_AA)
    bridge = [tuple(int(c) for c in points[k, :2]) for k in (133, 362)]
    cv2.line(framed, *bridge, (20, 20, 20), 2, cv2.LINE_AA)
    assert lift(surface, "people/1", framed, matte, fit).spectacles > portrait.spectacles + 3


def test_a_portrait_survives_writing_and_reading(portrait, tmp_path):
    path = tmp_path / "people" / "1.npz"
    save_portrait(path, portrait)
    again = load_portrait(path)
    assert path.stat().st_size < 90_000
    for field in dataclasses.fields(Portrait):
        before, after = getattr(portrait, field.name), getattr(again, field.name)
        if field.name == "key":
            assert before == after
        else:
            assert np.shape(before) == np.shape(after)
            assert np.abs(np.float32(before) - np.float32(after)).mean() < 3, field.name
    assert np.array_equal(again.matte, portrait.matte)


def test_another_format_is_refused(portrait, tmp_path, monkeypatch):
    monkeypatch.setattr("peekaboo_training.portraits.portrait.FORMAT", 0)
    save_portrait(tmp_path / "1.npz", portrait)
    monkeypatch.undo()
    with pytest.raises(ValueError, match="prepare-portraits"):
        load_portrait(tmp_path / "1.npz")
