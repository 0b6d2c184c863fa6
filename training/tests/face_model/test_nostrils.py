"""Nostrils drawn onto deeper ones, on a sheet with two wells instead of a head."""

from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("scipy")

from peekaboo_training.face_model import nostrils
from peekaboo_training.face_model.mesh import PART
from peekaboo_training.face_model.register import Surface, laplacian

SIDE = 21  # vertices, 1 mm apart
WELL = 6.0  # mm deep


def sheet() -> tuple[np.ndarray, np.ndarray]:
    """A flat sheet: vertices (441, 3) about the origin, triangles (800, 3)."""
    y, x = np.mgrid[:SIDE, :SIDE]
    vertices = np.stack([x - SIDE // 2, y - SIDE // 2, np.zeros_like(x)], -1).reshape(-1, 3).astype(float)
    corner = (np.arange(SIDE - 1)[:, None] * SIDE + np.arange(SIDE - 1)).ravel()
    lower = np.stack([corner, corner + 1, corner + SIDE], 1)
    return vertices, np.concatenate([lower, np.stack([corner + 1, corner + SIDE + 1, corner + SIDE], 1)])


@pytest.fixture
def stand_in(monkeypatch):
    """What `deepen_nostrils` needs of a registration; the target's first mode moves its wells to the left."""
    vertices, triangles = sheet()
    off = np.minimum(*(np.hypot(vertices[:, 0] - x, vertices[:, 1]) for x in (-5, 5)))
    lining = off < 3.5
    deep = vertices - [0, 0, 1] * (WELL * np.clip(1 - (off / 4) ** 2, 0, 1))[:, None]
    mirror = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)[:, ::-1].ravel()
    part = np.full(len(vertices), PART["face"])
    part[:SIDE] = PART["mouth"]
    modes = np.zeros((80, len(vertices), 3))
    modes[0, lining] = [2.0, 0, 0]
    target = Surface(deep, triangles[lining[triangles].all(1)], 3)
    monkeypatch.setattr(nostrils, "_ict_lining", lambda _: target)
    return lining, SimpleNamespace(
        count=len(vertices), triangles=triangles, mean=vertices, mirror=mirror, mesh=SimpleNamespace(part=part),
        smooth=laplacian(vertices, triangles, len(vertices)), heads={"id_basis": modes},
        symmetric=lambda v: 0.5 * (v + v[mirror] * [-1, 1, 1]),
    )  # fmt: skip


def test_the_lining_goes_as_deep_as_the_target_and_nothing_else_moves(stand_in):
    lining, found = stand_in
    start = np.full((80, found.count, 3), 0.25)
    mean, modes = nostrils.deepen_nostrils(found, found.mean, start, lining)
    assert mean[:, 2].min() == pytest.approx(-WELL, abs=1)
    assert np.array_equal(mean[~lining], found.mean[~lining]) and np.array_equal(modes[:, ~lining], start[:, ~lining])
    assert np.allclose(mean, found.symmetric(mean))


def test_modes_are_read_off_where_the_lining_lies_on_the_target(stand_in):
    lining, found = stand_in
    mean, modes = nostrils.deepen_nostrils(found, found.mean, np.zeros((80, found.count, 3)), lining)
    deepest = mean[:, 2] < -WELL / 2
    assert modes[0, deepest, 0].min() > 1 and np.abs(modes[1:]).max() < 1e-9


def test_a_lining_too_near_to_the_mouth_is_lifted_off_it(stand_in):
    lining, found = stand_in
    found.mesh.part[found.mean[:, 1] == -5] = PART["mouth"]
    mean, _ = nostrils.deepen_nostrils(found, found.mean, np.zeros((80, found.count, 3)), lining)
    mouth = found.mean[found.mesh.part == PART["mouth"]]
    for at in mean[lining]:
        assert np.linalg.norm(mouth - at, axis=1).min() >= nostrils._OFF_MOUTH - 1e-6
