"""Drawing hand sprites: alpha, depth, what hides what, shadows, and the mirror image."""

import numpy as np
import pytest

pytest.importorskip("cv2")
pytest.importorskip("numba")

from peekaboo_training.hand_bank.render import draw
from peekaboo_training.hand_bank.view import (
    HEIGHT,
    PIXELS_PER_MM,
    SKIN,
    SUPERSAMPLING,
    THING,
    WIDTH,
    Scene,
    Surface,
    find_visible,
)
from peekaboo_training.scene.mirror import mirror_light
from peekaboo_training.scene.rasterise import FAR

DISTANCE = 600.0
ORIGIN = ((WIDTH - 1) / 2, (HEIGHT - 1) / 2)
SIDE_LIGHT = np.zeros((3, 9), np.float32)
SIDE_LIGHT[:, 3] = 1.2  # from +x, the picture's right
SIDE_LIGHT[:, 2] = 0.6  # and from the viewer


def plate(kind: int, centre: tuple[float, float, float], size: tuple[float, float]) -> Surface:
    """A grey rectangle that faces the viewer; mm."""
    (x, y, z), (a, b) = centre, (size[0] / 2, size[1] / 2)
    corners = np.float32([[x - a, y - b, z], [x + a, y - b, z], [x + a, y + b, z], [x - a, y + b, z]])
    return Surface(kind, corners, np.array([[0, 1, 2], [0, 2, 3]]), np.full((4, 3), 0.3, np.float32), gloss=0.0)


def scene(*surfaces: Surface, light: np.ndarray = np.zeros(27, np.float32)) -> Scene:  # noqa: B008
    return Scene(list(surfaces), light, DISTANCE, ORIGIN, np.zeros((1, 4), np.float32), (0.0, 0.0))


def drawn(*surfaces: Surface, **options):
    return draw(np.random.default_rng(0), scene(*surfaces, **options))


def test_alpha_is_full_on_the_surface_and_nothing_beside_it():
    alpha = drawn(plate(THING, (0, 0, 0), (120, 80))).rgba[..., 3]
    width, height = 120 * PIXELS_PER_MM, 80 * PIXELS_PER_MM
    ys, xs = np.nonzero(alpha == 255)
    assert (np.ptp(xs) + 1, np.ptp(ys) + 1) == pytest.approx((width, height), abs=1)
    assert (xs.mean(), ys.mean()) == pytest.approx(ORIGIN, abs=0.5)
    assert alpha.sum() / 255 == pytest.approx(width * height, rel=0.01)
    assert not alpha[: int(ORIGIN[1] - height / 2) - 1].any()


def test_depth_is_the_distance_from_the_camera():
    depth = drawn(plate(THING, (0, 0, 50), (120, 80))).depth
    assert depth.shape == (SUPERSAMPLING * HEIGHT, SUPERSAMPLING * WIDTH)
    assert np.unique(depth).tolist() == pytest.approx([DISTANCE - 50, FAR])


def test_nearer_surfaces_are_larger():
    near, far = ((drawn(plate(THING, (0, 0, z), (60, 60))).rgba[..., 3] > 127).sum() for z in (200, -200))
    assert near / far == pytest.approx(((DISTANCE + 200) / (DISTANCE - 200)) ** 2, rel=0.03)


def test_pixels_lie_where_their_points_project_to():
    view = scene()
    points = np.array([[10.0, -20.0, 40.0], [-35.0, 5.0, -10.0]])
    at = view.project(points)
    fine = at[:, :2] * SUPERSAMPLING + (SUPERSAMPLING - 1) / 2
    assert view.unproject(fine[:, 0], fine[:, 1], at[:, 2]) == pytest.approx(points)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_skin_before_a_thing_hides_it_in_any_order(order):
    surfaces = [plate(SKIN, (0, 0, 30), (40, 40)), plate(THING, (0, 0, 0), (120, 80))]
    view = scene(*(surfaces[k] for k in order))
    visible = find_visible(view)
    middle = visible.triangle_at[HEIGHT * SUPERSAMPLING // 2, WIDTH * SUPERSAMPLING // 2]
    skin = order.index(0)
    assert visible.starts[skin] <= middle < visible.starts[skin + 1]
    covered = [visible.pixels_of(k).sum() for k in (skin, 1 - skin)]
    scale = DISTANCE / (DISTANCE - 30)
    assert covered[0] / sum(covered) == pytest.approx(40 * 40 * scale**2 / (120 * 80), rel=0.03)
    share = draw(np.random.default_rng(0), view).skin
    assert share[HEIGHT // 2, WIDTH // 2] == 1 and share[HEIGHT // 2, WIDTH // 2 + 40] == 0


def test_a_thing_throws_its_shadow_away_from_the_light():
    ground = plate(THING, (0, 0, 0), (240, 120))
    lit = drawn(ground, plate(THING, (0, 0, 20), (40, 60)), light=SIDE_LIGHT.ravel()).rgba[..., :3].mean(2)
    row = lit[int(ORIGIN[1])]
    left, right = row[WIDTH // 2 - 40 : WIDTH // 2 - 22].mean(), row[WIDTH // 2 + 22 : WIDTH // 2 + 40].mean()
    assert left < 0.93 * right


def test_a_mirrored_scene_gives_the_mirrored_picture():
    surfaces = [plate(SKIN, (-20, 10, 60), (50, 30)), plate(THING, (15, 0, 0), (120, 80))]
    mirrored = []
    for surface in surfaces:
        vertices = surface.vertices * np.float32([-1, 1, 1])
        mirrored.append(Surface(surface.kind, vertices, surface.triangles[:, ::-1], surface.albedo, gloss=0.0))
    one = drawn(*surfaces, light=SIDE_LIGHT.ravel())
    other = drawn(*mirrored, light=mirror_light(SIDE_LIGHT.ravel()))
    assert np.array_equal(one.rgba[..., 3], other.rgba[:, ::-1, 3])
    same, flipped = (np.abs(one.rgba.astype(float) - picture) for picture in (other.rgba[:, ::-1], other.rgba))
    assert same.max() <= 1 and flipped.mean() > 2
