"""camera.py and light.py against the golden values that were computed without them."""

import json

import numpy as np
import pytest

from peekaboo_training import settings
from peekaboo_training.golden_geometry import crop_golden, geometry_golden, sample

torch = pytest.importorskip("torch")
GEOMETRY = json.loads((settings.GOLDEN_FOLDER / "geometry.json").read_text())


def test_committed_golden_files_are_what_the_script_writes():
    assert json.loads(json.dumps(geometry_golden())) == GEOMETRY
    assert json.loads(json.dumps(crop_golden())) == json.loads((settings.GOLDEN_FOLDER / "crop.json").read_text())


@pytest.mark.parametrize("case", GEOMETRY["cases"])
def test_camera_matches(case):
    from peekaboo_training.camera import Crop, decode_pose, project, transform_points

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
    from peekaboo_training.camera import crop_from_points

    crop = crop_from_points(np.array(GEOMETRY["cropFromPoints"]["points"]))
    expected = GEOMETRY["cropFromPoints"]["crop"]
    values = [crop.centre_x, crop.centre_y, crop.side, crop.angle]
    np.testing.assert_allclose(values, [expected[k] for k in ("centreX", "centreY", "side", "angle")], atol=1e-9)


def test_light_matches():
    from peekaboo_training.light import shade

    light = {key: torch.tensor(value, dtype=torch.float64) for key, value in GEOMETRY["light"].items()}
    values = shade(light["albedo"], light["normals"], light["light"])
    bright = np.array(GEOMETRY["light"]["values"]) > 0.01
    np.testing.assert_allclose(values.numpy()[bright], light["values"].numpy()[bright], atol=1e-9)


def test_shrinking_averages():
    image = np.zeros((600, 600, 3))
    image[::2] = 255.0
    crop = {"centreX": 300.0, "centreY": 300.0, "side": 384.0, "angle": 0.0}
    np.testing.assert_allclose(sample(image, crop), 127.5, atol=1.0)
