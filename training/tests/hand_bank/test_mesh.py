"""The arm mesh: closed but for the elbow, of a hand's size, finite in every pose, and its mirror image."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("anny")
pytest.importorskip("numba")
trimesh = pytest.importorskip("trimesh")

from peekaboo_training.hand_bank.bones import FINGERS, WRIST, bone, elbow
from peekaboo_training.hand_bank.mesh import ArmMesh, FingerAngles
from peekaboo_training.hand_bank.poses import POSES, draw_angles
from peekaboo_training.hand_bank.studio import mirrored
from peekaboo_training.hand_bank.subdivision import loop_subdivision
from peekaboo_training.hand_bank.view import SKIN, Surface

STRAIGHT = FingerAngles(np.zeros((FINGERS, 3)), np.zeros(FINGERS), 0.0, (0.0, 0.0))


@pytest.fixture(scope="module")
def mesh():
    return ArmMesh()


@pytest.fixture(scope="module")
def shapes(mesh):
    return mesh.shapes(np.random.default_rng(3), 5)


def outward_share(vertices: np.ndarray, triangles: np.ndarray) -> float:
    """Share of triangles whose normals point away from the middle of their part of the arm."""
    corners = vertices[triangles]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    middles = corners.mean(1)
    nearest = [middles[np.linalg.norm(middles - middle, axis=1) < 25].mean(0) for middle in middles[::50]]
    return float((((middles[::50] - nearest) * normals[::50]).sum(1) > 0).mean())


def rim_of(triangles: np.ndarray) -> np.ndarray:
    """Edges (E, 2) that one triangle alone has."""
    edges = np.sort(trimesh.geometry.faces_to_edges(triangles), axis=1)
    unique, count = np.unique(edges, axis=0, return_counts=True)
    assert count.max() <= 2
    return unique[count == 1]


def test_the_mesh_is_closed_but_for_the_cut_at_the_elbow(mesh, shapes):
    solid = trimesh.Trimesh(mesh.subdivision @ shapes[0].vertices, mesh.triangles, process=False)
    assert solid.is_winding_consistent and len(trimesh.graph.connected_components(solid.edges_unique)) == 1
    rim = rim_of(mesh.triangles)
    ids, uses = np.unique(rim, return_counts=True)
    assert (uses == 2).all() and len(trimesh.graph.connected_components(rim)) == 1  # one closed loop
    along = elbow(shapes[0].heads) / np.linalg.norm(elbow(shapes[0].heads))
    far = solid.vertices @ along
    assert far[ids].min() > 0.7 * far.max() > 150


def test_hands_are_185_mm_long_and_as_wide_as_hands(mesh, shapes):
    for shape in shapes:
        joints = [shape.heads[WRIST], *(shape.heads[bone(3, k)] for k in (1, 2, 3)), shape.tails[bone(3, 3)]]
        assert np.linalg.norm(np.diff(joints, axis=0), axis=1).sum() == pytest.approx(185, abs=0.1)
        knuckles = np.array([shape.heads[bone(f, 1)] for f in range(2, FINGERS + 1)])
        assert 40 < np.linalg.norm(knuckles[0] - knuckles[-1]) < 90
        assert shape.heads[WRIST] == pytest.approx(np.zeros(3), abs=1e-4)
        assert shape.tails[bone(1, 3)][0] > knuckles[:, 0].max()  # a left hand: the thumb is at +x


def test_every_pose_of_every_shape_is_finite_and_keeps_its_bones(mesh, shapes):
    rng = np.random.default_rng(4)
    for pose in POSES.values():
        shape = shapes[rng.integers(len(shapes))]
        vertices, heads, tails = mesh.pose(shape, draw_angles(rng, pose))
        assert vertices.shape == (mesh.subdivision.shape[0], 3)
        assert all(np.isfinite(part).all() for part in (vertices, heads, tails))
        hand = mesh.fine_weights[:, :2].sum(1) < 0.5
        assert np.abs(vertices[hand]).max() < 300
        lengths, rest = (np.linalg.norm(t - h, axis=1) for t, h in ((tails, heads), (shape.tails, shape.heads)))
        assert lengths == pytest.approx(rest, rel=1e-3)


def test_bent_fingers_bring_their_tips_to_the_palm(mesh, shapes):
    bends = {"straight": (0, 0, 0), "hooked": (70, 10, 10), "fist": (80, 80, 80)}
    posed = {}
    for name, bend in bends.items():
        angles = FingerAngles(np.tile(np.float64(bend), (FINGERS, 1)), np.zeros(FINGERS), 0.0, (0.0, 0.0))
        _, heads, tails = mesh.pose(shapes[0], angles)
        posed[name] = np.array([tails[bone(f, 3)] - heads[bone(f, 1)] for f in range(2, FINGERS + 1)])
    reach = {name: np.linalg.norm(tips, axis=1) for name, tips in posed.items()}
    assert (reach["fist"] < 0.65 * reach["straight"]).all()
    assert (posed["hooked"][:, 2] < posed["straight"][:, 2] - 25).all()  # mm; the palm is at -z


def test_the_mirror_image_is_a_right_hand_seen_from_outside(mesh, shapes):
    vertices, _, _ = mesh.pose(shapes[0], STRAIGHT)
    albedo = np.zeros((len(vertices), 3), np.float32)
    before = outward_share(vertices, mesh.triangles)
    (other,) = mirrored(np.random.default_rng(0), [Surface(SKIN, vertices.copy(), mesh.triangles, albedo)])
    assert before > 0.9 and outward_share(other.vertices, other.triangles) == pytest.approx(before, abs=0.03)
    thumb, little = (mesh.fine_weights[:, bone(finger, 3)] > 0.5 for finger in (1, 5))
    for own, left_of in ((vertices, False), (other.vertices, True)):
        assert (own[thumb, 0].mean() < own[little, 0].mean()) == left_of


def test_subdivision_splits_edges_as_trimesh_does_and_keeps_the_surface_closed():
    solid = trimesh.creation.icosahedron()
    triangles, matrix = loop_subdivision(np.asarray(solid.faces), len(solid.vertices))
    fine = trimesh.Trimesh(matrix @ solid.vertices, triangles, process=False)
    assert fine.is_watertight and fine.euler_number == solid.euler_number and len(triangles) == 4 * len(solid.faces)
    assert np.asarray(matrix.sum(axis=1)).ravel() == pytest.approx(np.ones(matrix.shape[0]))
    theirs, _ = trimesh.remesh.subdivide_loop(solid.vertices, solid.faces, iterations=1)
    middles = fine.vertices[len(solid.vertices) :]
    nearest = np.linalg.norm(middles[:, None] - theirs[None], axis=2).min(axis=1)
    assert nearest.max() < 1e-9
    # Less smoothing than Loop's at the old vertices: fingers keep their thickness.
    assert np.linalg.norm(fine.vertices[:12], axis=1).min() > np.linalg.norm(theirs, axis=1).min()
