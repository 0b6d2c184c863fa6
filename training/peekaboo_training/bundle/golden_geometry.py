"""Golden values of camera, light, crop and frame pose, in plain numpy float64: independent of torch and TypeScript."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..settings import CROP_CENTRE, CROP_SIZE, GAMMA, HALF_CROP, LIGHT_BASE, POSE_BASE_SCALE, POSE_DISTANCE

VERTICAL_FOV_DEGREES = 63.0
ORIGIN = np.array([0.0, 1.5, 95.0])
CROPS = [
    {"centreX": 320.0, "centreY": 240.0, "side": 300.0, "angle": 0.0},
    {"centreX": 100.25, "centreY": 400.5, "side": 150.0, "angle": 0.4},
    {"centreX": 610.0, "centreY": 60.0, "side": 420.0, "angle": -1.1},
]
FRAME = {"width": 640, "height": 480}


def rotation_from_6d(values: np.ndarray) -> np.ndarray:
    """Six outputs -> rotation (3,3) with the orthonormal vectors as columns."""
    a, b = np.array([1.0, 0, 0]) + values[:3], np.array([0, 1.0, 0]) + values[3:6]
    r1 = a / np.linalg.norm(a)
    r2 = b - (r1 @ b) * r1
    r2 /= np.linalg.norm(r2)
    return np.stack([r1, r2, np.cross(r1, r2)], axis=1)


def decode_pose(pose: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """(9,) -> rotation (3,3), translation (2,) crop px, scale crop px per mm."""
    translation = CROP_CENTRE + HALF_CROP * pose[6:8]
    return rotation_from_6d(pose[:6]), translation, POSE_BASE_SCALE * float(np.exp(pose[8]))


def project(
    points: np.ndarray, rotation: np.ndarray, centre: np.ndarray, scale: float, origin: np.ndarray = ORIGIN
) -> np.ndarray:
    """(n,3) mm -> (n,3): u, v in the pixels of `centre` and `scale`, depth in px away from the viewer."""
    turned = (points - origin) @ rotation.T
    k = scale * POSE_DISTANCE / (POSE_DISTANCE - turned[:, 2])
    return np.stack([centre[0] + k * turned[:, 0], centre[1] - k * turned[:, 1], -scale * turned[:, 2]], axis=1)


def turn2(angle: float) -> np.ndarray:
    """(2,2) turn of pixels, y down."""
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def crop_to_frame(points: np.ndarray, crop: dict[str, float]) -> np.ndarray:
    """(n,2) crop px -> frame px."""
    centre = np.array([crop["centreX"], crop["centreY"]])
    return centre + (points - CROP_CENTRE) @ turn2(crop["angle"]).T * (crop["side"] / CROP_SIZE)


def crop_from_points(points: np.ndarray) -> dict[str, float]:
    """(478,2) frame px -> the crop of the face."""
    across = points[263] - points[33]
    angle = float(np.arctan2(across[1], across[0]))
    level = points @ turn2(-angle).T
    low, high = level.min(axis=0), level.max(axis=0)
    centre = turn2(angle) @ ((low + high) / 2)
    side = 1.5 * float((high - low).max())
    return {"centreX": float(centre[0]), "centreY": float(centre[1]), "side": side, "angle": angle}


def roll_matrix(angle: float) -> np.ndarray:
    """(3,3) turn about z that pixels turned by `angle` (y down) mean in y-up axes."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, s, 0], [-s, c, 0], [0, 0, 1.0]])


def quaternion(rotation: np.ndarray) -> list[float]:
    """(3,3) -> x, y, z, w with w >= 0, by the largest diagonal term."""
    k = np.array(
        [
            [1 + rotation[0, 0] - rotation[1, 1] - rotation[2, 2], 0, 0, 0],
            [rotation[1, 0] + rotation[0, 1], 1 - rotation[0, 0] + rotation[1, 1] - rotation[2, 2], 0, 0],
            [rotation[2, 0] + rotation[0, 2], rotation[2, 1] + rotation[1, 2], 0, 0],
            [rotation[2, 1] - rotation[1, 2], rotation[0, 2] - rotation[2, 0], rotation[1, 0] - rotation[0, 1], 0],
        ]
    )
    k[2, 2] = 1 - rotation[0, 0] - rotation[1, 1] + rotation[2, 2]
    k[3, 3] = 1 + rotation[0, 0] + rotation[1, 1] + rotation[2, 2]
    k = k + np.tril(k, -1).T
    q = k[:, int(np.argmax(np.diag(k)))]
    q = q / np.linalg.norm(q) * (1.0 if q[3] >= 0 else -1.0)
    return q.tolist()


def frame_pose(pose: np.ndarray, crop: dict[str, float]) -> dict[str, Any]:
    """The pose in the frame's camera (x right, y up, z to the viewer): quaternion, translation mm.

    The ray has unit depth: ((x - cx)/f, -(y - cy)/f, -1); depth = f / (frame px per mm).
    """
    rotation, translation, scale = decode_pose(pose)
    focal = FRAME["height"] / 2 / np.tan(np.radians(VERTICAL_FOV_DEGREES / 2))
    x, y = crop_to_frame(translation[None], crop)[0]
    ray = np.array([(x - (FRAME["width"] - 1) / 2) / focal, -(y - (FRAME["height"] - 1) / 2) / focal, -1.0])
    depth = focal / (scale * crop["side"] / CROP_SIZE)
    turned = turn_between(np.array([0, 0, -1.0]), ray / np.linalg.norm(ray)) @ roll_matrix(crop["angle"]) @ rotation
    return {"rotation": quaternion(turned), "translation": (ray * depth).tolist()}


def turn_between(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Smallest rotation (3,3) that takes unit vector a to unit vector b."""
    v, c = np.cross(a, b), float(a @ b)
    skew = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    return np.eye(3) + skew + skew @ skew / (1 + c)


def shade(albedo: np.ndarray, normals: np.ndarray, light: np.ndarray) -> np.ndarray:
    """Linear albedo (n,3), unit normals (n,3), light (27,) -> picture values (n,3), not clipped at 1."""
    x, y, z = normals.T
    basis = np.stack(
        [
            np.full_like(x, 0.282095), 0.488603 * y, 0.488603 * z, 0.488603 * x, 1.092548 * x * y,
            1.092548 * y * z, 0.315392 * (3 * z * z - 1), 1.092548 * x * z, 0.546274 * (x * x - y * y),
        ]
    )  # fmt: skip
    colours = light.reshape(3, 9).copy()
    colours[:, 0] += LIGHT_BASE
    return np.maximum(albedo * (colours @ basis).T, 0) ** (1 / GAMMA)


def geometry_golden() -> dict[str, Any]:
    """Content of geometry.json: camera, crop, frame pose and light cases."""
    random = np.random.default_rng(11)
    cases = []
    for crop in CROPS:
        pose = random.normal(0, 0.25, 9)
        points = ORIGIN + random.normal(0, 50, (6, 3))
        rotation, translation, scale = decode_pose(pose)
        roll = roll_matrix(crop["angle"]) @ rotation
        centre = crop_to_frame(translation[None], crop)[0]
        pixels = scale * crop["side"] / CROP_SIZE
        in_crop = project(points, rotation, translation, scale)
        cases.append(
            {
                "crop": crop, "pose": pose.tolist(), "points": points.tolist(), "rotation": rotation.tolist(),
                "translation": translation.tolist(), "scale": scale, "cropPoints": in_crop.tolist(),
                "framePoints": crop_to_frame(in_crop[:, :2], crop).tolist(),
                "cropCamera": {"rotation": quaternion(roll), "centre": centre.tolist(), "scale": pixels,
                               "distance": POSE_DISTANCE},
                "cropCameraPoints": project(points, roll, centre, pixels)[:, :2].tolist(),
                "framePose": frame_pose(pose, crop),
            }
        )  # fmt: skip
    face = random.normal(0, 1, (478, 2)).clip(-1.8, 1.8) * [40, 55] + [300, 220]
    face[33], face[263] = [262.0, 190.0], [335.0, 214.0]
    normals = random.normal(0, 1, (8, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    albedo, light = random.uniform(0.05, 0.9, (8, 3)), random.normal(0, 0.6, 27)
    return {
        "how": "peekaboo_training/golden_geometry.py; pixels, mm, y up in space; tolerance 1e-4 px, 1e-6 else",
        "frame": FRAME, "verticalFovDegrees": VERTICAL_FOV_DEGREES, "origin": ORIGIN.tolist(), "cases": cases,
        "cropFromPoints": {"points": face.tolist(), "crop": crop_from_points(face)},
        "light": {"light": light.tolist(), "normals": normals.tolist(), "albedo": albedo.tolist(),
                  "values": shade(albedo, normals, light).tolist()},
    }  # fmt: skip
