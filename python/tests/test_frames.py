"""docs/formats.md, followed literally on results of the tracker, reproduces its landmarks."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest

from peekaboo_reader import FaceModel, FramesError, load_frames, project

ROOT = Path(__file__).resolve().parents[2]
FRAMES = ROOT / "test/golden/frames.jsonl"
BUNDLE = ROOT / "public/models/peekaboo"
TOLERANCE = 0.5  # px

IBUG_SHIFTS = [
    *[70, 63, 105, 66, 107, 336, 296, 334, 293, 300],
    *[168, 6, 195, 4, 98, 97, 2, 326, 327],
    *[33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380],
    *[61, 40, 37, 0, 267, 270, 291, 321, 314, 17, 84, 91],
    *[78, 81, 13, 311, 308, 402, 14, 178],
]


def rotation_matrix(q: list[float]) -> np.ndarray:
    x, y, z, w = q
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def documented_model() -> tuple[dict, dict[str, np.ndarray]]:
    """face-model.bin, read by the table of docs/formats.md."""
    data = (BUNDLE / "face-model.bin").read_bytes()
    assert data[:4] == b"PKFM"
    version, length = struct.unpack_from("<II", data, 4)
    assert version == 1
    header = json.loads(data[12 : 12 + length])
    arrays = {}
    for entry in header["arrays"]:
        start = 12 + length + entry["offset"]
        raw = data[start : start + entry["byteLength"]]
        arrays[entry["name"]] = np.frombuffer(raw, entry["dtype"]).reshape(entry["shape"]).astype(float)
    return header, arrays


def documented_points68(face: dict, header: dict, arrays: dict[str, np.ndarray]) -> np.ndarray:
    """The formulas of docs/formats.md in the order of the page, without the package."""
    manifest = json.loads((BUNDLE / "manifest.json").read_text())
    identity = np.array(face["coefficients"]["identity"])
    expression = np.array([face["coefficients"]["expression"][name] for name in header["expressionNames"]])
    v = arrays["mean"] + np.tensordot(identity, arrays["identityBasis"], 1)
    v = v + np.tensordot(expression, arrays["expressionBasis"], 1)
    v = v[arrays["landmarks68"].astype(int)]

    camera = face["camera"]
    r = rotation_matrix(camera["rotation"])
    p = (v - header["origin"]) @ r.T
    k = camera["scale"] * camera["distance"] / (camera["distance"] - p[:, 2])
    points = np.stack([camera["centre"][0] + k * p[:, 0], camera["centre"][1] - k * p[:, 1]], axis=1)

    rank = manifest["landmarkShift"]["rank"]
    values = np.frombuffer((BUNDLE / "landmark-shift.bin").read_bytes(), "<f2").astype(float)
    reduce = values[: rank * 138].reshape(rank, 138)
    spread = values[rank * 138 :].reshape(rank, 478, 2)
    x, y = r[2, 0], r[2, 1]
    inputs = np.concatenate([identity, expression, [x, y, x * x, x * y, y * y, 1]])
    shift = np.einsum("rpc,r->pc", spread, reduce @ inputs)[IBUG_SHIFTS]
    a, b = r[:2, 1] / np.hypot(r[0, 1], r[1, 1])
    right, up = shift[:, :1], shift[:, 1:]
    points[17:] += camera["scale"] * (right * [b, a] + up * [a, -b])
    return points


def lines() -> list[dict]:
    return [json.loads(line) for line in FRAMES.read_text().splitlines()]


def test_documented_formulas_reproduce_points68() -> None:
    header, arrays = documented_model()
    worst = 0.0
    faces = [face for line in lines() for face in line["faces"]]
    assert {face["state"] for face in faces} >= {"found", "tracked"}
    for face in faces:
        found = documented_points68(face, header, arrays)
        worst = max(worst, float(np.abs(found - face["points68"]).max()))
    assert worst < TOLERANCE


def test_a_wrong_rotation_is_detected() -> None:
    header, arrays = documented_model()
    face = next(face for line in lines() for face in line["faces"])
    wrong = {**face, "camera": {**face["camera"], "rotation": face["pose"]["rotation"]}}
    assert np.abs(documented_points68(wrong, header, arrays) - face["points68"]).max() > TOLERANCE


def test_reader_reproduces_landmarks() -> None:
    model = FaceModel.load(BUNDLE)
    faces = [face for frame in load_frames(FRAMES) for face in frame.faces]
    assert len(faces) > 5
    for face in faces:
        assert np.abs(model.landmarks68(face) - face.points68).max() < TOLERANCE
        if face.points478 is not None:
            assert np.abs(model.landmarks478(face) - face.points478).max() < TOLERANCE
    assert any(face.points478 is not None for face in faces)


def test_pose_agrees_with_the_camera() -> None:
    """The pinhole camera of docs/formats.md: close to the crop camera, not equal."""
    model = FaceModel.load(BUNDLE)
    for frame in load_frames(FRAMES):
        for face in frame.faces:
            vertices = model.vertices(face.identity, face.expression)[model.arrays["landmarks68"]]
            q = (vertices - model.origin) @ rotation_matrix(face.pose.rotation.tolist()).T + face.pose.translation
            f = frame.height / 2 / np.tan(np.radians(frame.fov) / 2)
            u = (frame.width - 1) / 2 + f * q[:, 0] / -q[:, 2]
            v = (frame.height - 1) / 2 - f * q[:, 1] / -q[:, 2]
            expected = project(vertices, face.camera, model.origin)
            error = np.linalg.norm(np.stack([u, v], 1) - expected, axis=1).mean()
            assert error < 0.03 * np.ptp(expected, axis=0).max()


def test_frames() -> None:
    frames = load_frames(FRAMES)
    given = lines()
    assert [frame.index for frame in frames] == [line["index"] for line in given]
    assert [len(frame.faces) for frame in frames] == [len(line["faces"]) for line in given]
    assert any(not frame.faces for frame in frames)


def test_interrupted_and_damaged_files(tmp_path: Path) -> None:
    text = FRAMES.read_text()
    path = tmp_path / "frames.jsonl"
    path.write_text(text + text[:300])
    assert len(load_frames(tmp_path)) == len(text.splitlines())
    path.write_text('{"file": \n' + text)
    with pytest.raises(FramesError, match="frames.jsonl:1"):
        load_frames(path)
    old = lines()[0]
    del old["fov"]
    path.write_text(json.dumps(old) + "\n")
    with pytest.raises(FramesError, match="'fov' is missing"):
        load_frames(path)
