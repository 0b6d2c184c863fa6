"""Rendering: pixels where the camera says, the nearer surface wins, targets agree with the picture."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
cv2 = pytest.importorskip("cv2")
pytest.importorskip("numba")

from peekaboo_training.data import skull
from peekaboo_training.data.jitter import crop_matrix
from peekaboo_training.data.rendered_heads import HeadParameters, HeadRenderer
from peekaboo_training.face_model.format import EXPRESSION_NAMES
from peekaboo_training.scene.camera import crop_from_points, encode_pose, project
from peekaboo_training.scene.light import shade
from peekaboo_training.scene.random_face import random_expression, random_light, random_rotation
from peekaboo_training.scene.rasterise import FAR, draw_triangles, lit_colours, vertex_normals
from synthetic_model import synthetic_model

IDENTITY_ROTATION = np.eye(3)


def drawn(points, triangles, colours, cull=False, size=20):
    picture, depth = np.zeros((size, size, 3), np.float32), np.full((size, size), FAR, np.float32)
    draw_triangles(np.float32(points), np.int64(triangles), np.float32(colours), picture, depth, cull)
    return picture, depth


def test_a_square_covers_the_pixels_whose_centres_it_holds():
    corners = [[4.5, 6.5, 1], [9.5, 6.5, 1], [9.5, 11.5, 1], [4.5, 11.5, 1]]
    _, depth = drawn(corners, [[0, 1, 2], [0, 2, 3]], np.ones((4, 3)))
    ys, xs = np.nonzero(depth < FAR)
    assert (ys.min(), ys.max(), xs.min(), xs.max(), len(ys)) == (7, 11, 5, 9, 25)


def test_the_nearer_triangle_wins_in_any_order():
    points = [[0, 0, 5], [19, 0, 5], [0, 19, 5], [0, 0, 2], [19, 0, 2], [0, 19, 2]]
    colours = [[1, 0, 0]] * 3 + [[0, 1, 0]] * 3
    for triangles in ([[0, 1, 2], [3, 4, 5]], [[3, 4, 5], [0, 1, 2]]):
        picture, depth = drawn(points, triangles, colours)
        assert picture[3, 3].tolist() == [0, 1, 0] and depth[3, 3] == 2


def test_colours_and_depth_are_interpolated():
    picture, depth = drawn([[0, 0, 0], [10, 0, 10], [0, 10, 0]], [[0, 1, 2]], [[0, 0, 0], [1, 0, 0], [0, 1, 0]])
    assert np.allclose(picture[3, 4], [0.4, 0.3, 0], atol=1e-5) and depth[3, 4] == pytest.approx(4)


def test_culling_leaves_out_what_is_seen_from_inside():
    outside, inside = [[0, 2, 1]], [[0, 1, 2]]
    points = [[0, 0, 1], [15, 0, 1], [0, 15, 1]]
    assert (drawn(points, outside, np.ones((3, 3)), cull=True)[1] < FAR).any()
    assert not (drawn(points, inside, np.ones((3, 3)), cull=True)[1] < FAR).any()


def test_lit_colours_are_those_of_the_shared_light():
    rng = np.random.default_rng(0)
    normals = rng.normal(0, 1, (40, 3)).astype(np.float32)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    light, albedo = random_light(rng), rng.uniform(0.05, 0.5, (40, 3)).astype(np.float32)
    expected = shade(*(torch.from_numpy(v) for v in (albedo, normals, light))).clamp(max=1).numpy()
    assert np.allclose(lit_colours(albedo, normals, light.reshape(3, 9), 3.2, 2.2), expected, atol=3e-3)


def test_props_face_outwards():
    rng = np.random.default_rng(0)
    for prop in (skull.skull(150.0, np.full(3, 0.3)), skull.neck(rng, 150.0, np.full(3, 0.3), np.zeros(3))):
        normals = vertex_normals(prop.vertices, prop.triangles)
        outward = prop.vertices - prop.vertices.mean(0)
        assert (normals * outward * [1, 0, 1]).sum() > 0


@pytest.fixture(scope="module")
def renderer():
    return HeadRenderer(synthetic_model())


def head(renderer, rotation=IDENTITY_ROTATION) -> tuple[HeadParameters, np.ndarray]:
    vertices = renderer.vertices(np.zeros(80), np.zeros(52))
    pose = renderer.place(vertices, rotation, crop_matrix(0, 1, np.zeros(2)))
    zeros = (np.zeros(n, np.float32) for n in (80, 52, 10, 27))
    return HeadParameters(*zeros, pose), vertices


def test_a_head_lies_where_its_pose_projects_it(renderer):
    parameters, vertices = head(renderer)
    background = np.zeros((192, 192, 3), np.float32)
    drawn_head = renderer.draw(parameters, vertices, renderer.albedo(np.zeros(10)), background, [])
    model = synthetic_model()
    seen = project(torch.from_numpy(vertices), encode_pose(parameters.pose), torch.from_numpy(model.origin)).numpy()
    ys, xs = np.nonzero(drawn_head.coverage > 0.5)
    low, high = seen[:, :2].min(0), seen[:, :2].max(0)
    assert (xs.min(), ys.min()) == pytest.approx(tuple(low), abs=1.5)
    assert (xs.max(), ys.max()) == pytest.approx(tuple(high), abs=1.5)
    weights = drawn_head.coverage / drawn_head.coverage.sum()
    assert (weights * np.arange(192)).sum() == pytest.approx(95.5, abs=0.1)


def test_the_crop_of_a_placed_head_is_the_network_s(renderer):
    for seed in range(4):
        rotation = random_rotation(np.random.default_rng(seed))
        parameters, vertices = head(renderer, rotation)
        points = renderer.draw(parameters, vertices, renderer.albedo(np.zeros(10)), np.zeros((192, 192, 3)), []).points
        crop = crop_from_points(points)
        assert (crop.centre_x, crop.centre_y, crop.side) == pytest.approx((95.5, 95.5, 192), abs=0.05)
        assert crop.angle == pytest.approx(0, abs=1e-3)


def test_light_from_the_subject_s_left_brightens_the_picture_s_right(renderer):
    parameters, vertices = head(renderer)
    parameters.light.reshape(3, 9)[:, 3] = 1.0
    picture = renderer.draw(parameters, vertices, renderer.albedo(np.zeros(10)), np.zeros((192, 192, 3)), []).picture
    assert picture[:, 100:].sum() > 1.1 * picture[:, :92].sum()


def test_random_expressions_stay_in_range_and_both_eyes_look_one_way():
    names = {name: k for k, name in enumerate(EXPRESSION_NAMES)}
    rng = np.random.default_rng(0)
    for _ in range(200):
        expression = random_expression(rng, None)
        assert 0 <= expression.min() and expression.max() <= 1
        assert expression[names["mouthClose"]] <= expression[names["jawOpen"]] + 1e-6
        assert expression[names["eyeLookOutLeft"]] == expression[names["eyeLookInRight"]]
        assert expression[names["eyeLookUpLeft"]] * expression[names["eyeLookDownLeft"]] == 0


def test_random_mouths_are_often_enough_hard_ones():
    names = {name: k for k, name in enumerate(EXPRESSION_NAMES)}
    rng = np.random.default_rng(0)
    known = np.zeros((1, 52), np.float32)
    known[0, [names["mouthClose"], names["jawOpen"]]] = 0.5
    drawn = np.array([random_expression(rng, known if k % 4 == 0 else None) for k in range(600)])
    tongue, close, jaw = (drawn[:, names[name]] for name in ("tongueOut", "mouthClose", "jawOpen"))
    assert 0.12 < (tongue > 0.1).mean() < 0.3 and 0.05 < (close > 0.1).mean() < 0.3
    assert (jaw[tongue > 0] >= 0.2).all() and not close[tongue > 0].any() and (close <= jaw + 1e-6).all()
