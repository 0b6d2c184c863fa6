"""Drawing: a portrait's own view gives the photograph back, labels agree with the picture, poses stay in bounds."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
cv2 = pytest.importorskip("cv2")
pytest.importorskip("numba")

from peekaboo_training.data.faces import STORED_SIZE
from peekaboo_training.data.jitter import crop_matrix, place_head
from peekaboo_training.face_model.format import EXPRESSION_NAMES
from peekaboo_training.face_model.points import LIPS_INNER
from peekaboo_training.portraits import choose
from peekaboo_training.portraits.draw import PortraitRenderer, View
from peekaboo_training.portraits.drawable import DrawablePortrait
from peekaboo_training.portraits.lift import lift
from peekaboo_training.portraits.surface import PortraitSurface
from peekaboo_training.portraits.surface import project as project_head
from peekaboo_training.scene.camera import Pose, encode_pose, project
from portrait_people import Photographer

BLINK = EXPRESSION_NAMES.index("eyeBlinkLeft")


@pytest.fixture(scope="module")
def scene():
    """Renderer, drawable portrait, its photograph and points (478, 3)."""
    photographer = Photographer()
    surface = PortraitSurface(photographer.model)
    picture, matte, fit, points = photographer.photograph(1)
    person = DrawablePortrait(surface, lift(surface, "people/1", picture, matte, fit))
    return PortraitRenderer(surface), person, picture, points


def turned(renderer, person, yaw: float, **changes) -> View:
    """A view turned by yaw degrees, in the middle of a 192 px crop."""
    p = person.portrait
    expression = changes.pop("expression", p.expression)
    rotation = choose.rotation_of(yaw, 0, 0)
    vertices = renderer.surface.vertices(p.identity, expression)
    points = renderer.surface.model.mediapipe_points(vertices)
    pose = place_head(points, renderer.surface.origin, rotation, changes.pop("error", crop_matrix(0, 1, np.zeros(2))))
    return View(p.identity, expression, rotation, pose, **changes)


def own_view(person) -> View:
    """The photograph's own view, in the stored crop's px."""
    p = person.portrait
    pose = Pose(*(torch.tensor(v, dtype=torch.float32) for v in (p.rotation, p.translation, p.scale)))
    return View(p.identity, p.expression, p.rotation, pose)


def test_the_own_view_gives_the_photograph_back(scene):
    renderer, person, picture, points = scene
    drawn = renderer.draw(person, own_view(person), STORED_SIZE)
    inner = cv2.erode((drawn.skin > 0.99).astype(np.uint8), np.ones((5, 5))) > 0
    assert np.abs(drawn.picture[inner] - picture[inner]).mean() < 10
    assert np.abs(drawn.points - points).max() < 0.1


@pytest.mark.parametrize("yaw", [0, 30, -50])
def test_points_are_the_labels_projected(scene, yaw):
    renderer, person, *_ = scene
    error = crop_matrix(np.radians(12), 0.9, np.array([5.0, -3]))
    view = turned(renderer, person, yaw, error=error)
    drawn = renderer.draw(person, view, 192)
    model = renderer.surface.model
    shape = torch.from_numpy(model.mediapipe_points(model.vertices(view.identity, view.expression)).astype(np.float32))
    expected = project(shape, encode_pose(view.pose), torch.from_numpy(model.origin)).numpy()
    assert np.abs(drawn.points - expected).max() < 0.02


def test_the_picture_moves_with_its_points(scene):
    """A dark spot on the forehead's texture is drawn where the surface under it projects to, in rolled crops too."""
    renderer, person, *_ = scene
    surface, number = renderer.surface, 151
    uv = surface.uv[surface.model.mediapipe_triangles[number]].T @ surface.model.mediapipe_barycentric[number]
    marked = DrawablePortrait(surface, person.portrait)
    u, v = np.meshgrid(np.arange(256), np.arange(256))
    marked.texture[np.hypot(u - uv[0], v - uv[1]) < 4] = [0, 0, 0, 1, 0]
    for yaw, roll in ((0, 0), (25, 15), (-40, -20)):
        view = turned(renderer, person, yaw, error=crop_matrix(np.radians(roll), 1, np.zeros(2)))
        clean, spotted = (renderer.draw(who, view, 192) for who in (person, marked))
        darker = np.clip(clean.picture - spotted.picture, 0, None).sum(2)
        y, x = (darker * axis for axis in np.indices(darker.shape))
        centre = np.array([x.sum(), y.sum()]) / darker.sum()
        assert np.abs(centre - clean.points[number, :2]).max() < 2


def test_skin_is_a_share_of_the_person(scene):
    renderer, person, *_ = scene
    drawn = renderer.draw(person, turned(renderer, person, 20), 192)
    x, y = drawn.points[[1, 50, 280, 151], :2].round().astype(int).T
    assert drawn.skin[y, x].min() > 0.99 and drawn.skin[3, 3] == 0
    assert drawn.own.max() == 0 and drawn.own_known.max() == 0  # nothing is labelled


def test_own_hair_moves_with_the_face_and_the_head(scene):
    """A lock that is labelled on the forehead, and hair above it, are drawn with the pose."""
    renderer, person, *_ = scene
    portrait, surface = person.portrait, renderer.surface
    photographed = surface.model.mediapipe_points(surface.vertices(portrait.identity, portrait.expression))
    camera = (photographed - surface.origin) @ portrait.rotation.T
    at = project_head(camera.astype(np.float32), portrait.translation, float(portrait.scale))
    own = np.zeros((240, 240), np.float32)
    own[: int(at[151, 1]) + 4] = 1
    haired = DrawablePortrait(surface, portrait, own)
    drawn = renderer.draw(haired, turned(renderer, haired, 20), 192)
    x, y = drawn.points[[10, 151, 4, 152], :2].round().astype(int).T
    assert drawn.own[y[:2], x[:2]].min() > 0.9 and drawn.own[y[2:], x[2:]].max() < 0.1
    assert drawn.own_known.min() == 1 and drawn.own[3, 3] == 0


def test_an_open_mouth_shows_the_model_s_inside_not_the_photograph_s(scene):
    """The photographed mouth is painted white; what is drawn in its place is the model's, which is dark."""
    renderer, photographer = scene[0], Photographer()
    picture, matte, fit, points = photographer.photograph(1, jaw=0.7)
    inside = points[list(LIPS_INNER), :2].round().astype(np.int32)
    cv2.fillPoly(picture, [inside], (255, 255, 255))
    surface = renderer.surface
    person = DrawablePortrait(surface, lift(surface, "people/1", picture, matte, fit))
    drawn = renderer.draw(person, own_view(person), STORED_SIZE)
    x, y = points[[13, 14], :2].mean(0).round().astype(int)
    cheek = drawn.picture[tuple(points[50, [1, 0]].round().astype(int))]
    assert picture[y, x].min() == 255 and drawn.skin[y, x] > 0.99
    assert drawn.picture[y, x].mean() < 0.6 * cheek.mean()


def test_new_light_shines_on_the_side_it_comes_from(scene):
    renderer, person, *_ = scene
    light = np.zeros((3, 9), np.float32)
    light[:, 0], light[:, 3] = 3, 1.5
    drawn = renderer.draw(person, turned(renderer, person, 0, light=light), 192)
    right, left = (drawn.picture[tuple(drawn.points[k, [1, 0]].round().astype(int))].mean() for k in (50, 280))
    assert left > 1.2 * right


def test_poses_stay_within_what_a_portrait_supports(scene):
    portrait = scene[1].portrait
    rng = np.random.default_rng(0)
    cases = {
        "plain": (portrait, choose.LARGEST_YAW),
        "spectacles": (replace(portrait, spectacles=np.float32(2)), choose.SPECTACLES_YAW),
        "hair": (replace(portrait, bare_temples=np.float32(0.1)), choose.HAIR_YAW),
    }
    for changed, largest in cases.values():
        turns = np.array([choose.random_turn(rng, choose.support_of(changed)) for _ in range(400)])
        assert 0.9 * largest < np.abs(turns[:, 0]).max() <= largest
        assert turns[:, 0].min() < 0 < turns[:, 0].max()
        assert choose.LOWEST_PITCH <= turns[:, 1].min() and turns[:, 1].max() <= choose.HIGHEST_PITCH


@pytest.mark.parametrize("yaw", [15, -15])
def test_a_turned_portrait_is_turned_the_same_way(scene, yaw):
    portrait = replace(scene[1].portrait, rotation=choose.rotation_of(yaw, 0, 0))
    rng = np.random.default_rng(0)
    turns = [choose.random_turn(rng, choose.support_of(portrait))[0] for _ in range(100)]
    assert min(np.sign(yaw) * np.array(turns)) >= 0


def test_nobody_blinks_behind_spectacles_and_others_do(scene):
    portrait, rng = scene[1].portrait, np.random.default_rng(0)
    known = np.zeros((1, 52), np.float32)
    known[0, BLINK] = 0.9
    for spectacles, largest in ((2, 0.35), (-2, 1.0)):
        support = choose.support_of(replace(portrait, spectacles=np.float32(spectacles)))
        blinks = [choose.random_look(rng, portrait, support, known)[BLINK] for _ in range(200)]
        assert max(blinks) == pytest.approx(largest)
    assert known[0, BLINK] == np.float32(0.9)


def test_grey_and_badly_lit_portraits_keep_their_light(scene):
    portrait = scene[1].portrait
    assert choose.support_of(portrait).relight
    assert not choose.support_of(replace(portrait, colourful=np.float32(0.01))).relight
    assert not choose.support_of(replace(portrait, light_error=np.float32(1.2))).relight
