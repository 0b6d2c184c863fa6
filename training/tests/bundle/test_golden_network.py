"""The golden values against the script that writes them, in numpy; camera.py and light.py against them, in torch."""

import base64
import json

import numpy as np
import pytest

from peekaboo_training import settings
from peekaboo_training.bundle.golden_crop import crop_golden, sample
from peekaboo_training.bundle.golden_geometry import geometry_golden

GEOMETRY = json.loads((settings.GOLDEN_FOLDER / "geometry.json").read_text())
CROP = json.loads((settings.GOLDEN_FOLDER / "crop.json").read_text())


def assert_close(found, expected, where="geometry.json"):
    """The same keys and texts; numbers to 1e-9."""
    if isinstance(expected, dict):
        assert found.keys() == expected.keys(), where
        for key, value in expected.items():
            assert_close(found[key], value, f"{where} {key}")
    elif isinstance(expected, list) and isinstance(expected[0], dict):
        assert len(found) == len(expected), where
        for k, value in enumerate(expected):
            assert_close(found[k], value, f"{where} {k}")
    elif isinstance(expected, str):
        assert found == expected, where
    else:
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9, err_msg=where)


def pixels(image):
    """Bytes of a picture in crop.json: (h, w, 3) float."""
    flat = np.frombuffer(base64.b64decode(image["rgb"]), np.uint8)
    return flat.reshape(image["height"], image["width"], 3).astype(float)


def test_committed_geometry_is_what_the_script_writes():
    assert_close(geometry_golden(), GEOMETRY)


def test_committed_crop_picture_is_what_the_script_writes():
    fresh = crop_golden()
    np.testing.assert_allclose(pixels(fresh["image"]), pixels(CROP["image"]), atol=1)
    assert [case["crop"] for case in fresh["cases"]] == [case["crop"] for case in CROP["cases"]]


@pytest.mark.parametrize("case", CROP["cases"], ids=lambda case: f"{case['crop']['side']:.0f}")
def test_committed_crop_samples_are_what_the_picture_gives(case):
    values = sample(pixels(CROP["image"]), case["crop"])
    x, y = np.array(case["samples"])[:, :2].astype(int).T
    np.testing.assert_allclose(values[y, x], np.array(case["samples"])[:, 2:], atol=1e-4)


@pytest.mark.parametrize("case", GEOMETRY["cases"])
def test_camera_matches(case):
    torch = pytest.importorskip("torch")
    from peekaboo_training.scene.camera import Crop, decode_pose, project, transform_points

    pose = torch.tensor(case["pose"], dtype=torch.float64)
    decoded = decode_pose(pose)
    np.testing.assert_allclose(decoded.rotation, case["rotation"], atol=1e-9)
    np.testing.assert_allclose(decoded.translation, case["translation"], atol=1e-9)
    points = torch.tensor(case["points"], dtype=torch.float64)
    projected = project(points, pose, torch.tensor(GEOMETRY["origin"], dtype=torch.float64)).numpy()
    np.testing.assert_allclose(projected, case["cropPoints"], atol=1e-9)
    crop = Crop(*(case["crop"][key] for key in ("centreX", "centreY", "side", "angle")))
    in_frame = transform_points(crop.to_frame_matrix(), projected[:, :2])
    np.testing.assert_allclose(in_frame, case["framePoints"], atol=1e-9)
    np.testing.assert_allclose(in_frame, case["cropCameraPoints"], atol=1e-9)


def test_crop_from_points_matches():
    pytest.importorskip("torch")
    from peekaboo_training.scene.camera import crop_from_points

    crop = crop_from_points(np.array(GEOMETRY["cropFromPoints"]["points"]))
    expected = GEOMETRY["cropFromPoints"]["crop"]
    values = [crop.centre_x, crop.centre_y, crop.side, crop.angle]
    np.testing.assert_allclose(values, [expected[k] for k in ("centreX", "centreY", "side", "angle")], atol=1e-9)


def test_light_matches():
    torch = pytest.importorskip("torch")
    from peekaboo_training.scene.light import shade

    light = {key: torch.tensor(value, dtype=torch.float64) for key, value in GEOMETRY["light"].items()}
    values = shade(light["albedo"], light["normals"], light["light"])
    bright = np.array(GEOMETRY["light"]["values"]) > 0.01
    np.testing.assert_allclose(values.numpy()[bright], light["values"].numpy()[bright], atol=1e-9)


def test_shrinking_averages():
    image = np.zeros((600, 600, 3))
    image[::2] = 255.0
    crop = {"centreX": 300.0, "centreY": 300.0, "side": 384.0, "angle": 0.0}
    np.testing.assert_allclose(sample(image, crop), 127.5, atol=1.0)
