"""Recordings, and the golden values of exports that TypeScript computes too."""

import json
from pathlib import Path

import numpy as np
import pytest

from peekaboo_reader import FramesError, head_angles, load_frames, load_recording, relative_expression

GOLDEN = Path(__file__).resolve().parents[2] / "test/golden"
EXPORT = json.loads((GOLDEN / "export.json").read_text())
HEADER = {
    "format": "peekaboo-recording",
    "version": 1,
    "id": "a",
    "name": "Take",
    "created": "2026-01-02T10:20:30.000Z",
    "source": {"kind": "cam", "name": "Webcam"},
    "bundle": "peekaboo",
    "width": 960,
    "height": 541,
    "fov": 63,
    "state": "complete",
    "restingFace": EXPORT["restingFace"],
    "markers": [{"time": 1.5, "name": "start"}],
}


def write(path: Path, header: dict, text: str | None = None) -> Path:
    path.write_text(json.dumps(header) + "\n" + ((GOLDEN / "frames.jsonl").read_text() if text is None else text))
    return path


def test_recording(tmp_path: Path) -> None:
    recording = load_recording(write(tmp_path / "take.jsonl", HEADER))
    expected = load_frames(GOLDEN / "frames.jsonl")
    assert [frame.time for frame in recording.frames] == [frame.time for frame in expected]
    assert recording.is_complete
    assert recording.markers == ((1.5, "start"),)
    assert recording.resting_face is not None
    assert recording.resting_face.shape == (52,)
    assert len(load_frames(tmp_path / "take.jsonl")) == len(expected)


def test_raw_values(tmp_path: Path) -> None:
    line = next(line for line in map(json.loads, (GOLDEN / "frames.jsonl").read_text().splitlines()) if line["faces"])
    face = line["faces"][0]
    face["raw"] = {"expression": {"jawOpen": 0.5}, "pose": face["pose"], "camera": face["camera"]}
    recording = load_recording(write(tmp_path / "take.jsonl", HEADER, json.dumps(line) + "\n"))
    raw = recording.frames[0].faces[0].raw
    assert raw is not None
    assert raw.expression["jawOpen"] == 0.5
    assert raw.camera.scale == face["camera"]["scale"]


def test_other_files(tmp_path: Path) -> None:
    with pytest.raises(FramesError, match="version 2, this reader supports 1"):
        load_recording(write(tmp_path / "new.jsonl", {**HEADER, "version": 2}))
    with pytest.raises(FramesError, match="version 2, this reader supports 1"):
        load_frames(tmp_path / "new.jsonl")
    with pytest.raises(FramesError, match="no header"):
        load_recording(GOLDEN / "frames.jsonl")
    with pytest.raises(FramesError, match="markers missing"):
        load_recording(write(tmp_path / "old.jsonl", {k: v for k, v in HEADER.items() if k != "markers"}))
    (tmp_path / "text").write_text("hello\n")
    with pytest.raises(FramesError, match="not a recording"):
        load_recording(tmp_path / "text")


@pytest.mark.parametrize(
    "wrong", [{"restingFace": [0.1]}, {"restingFace": "x"}, {"markers": [{"time": 1}]}, {"markers": 3}]
)
def test_wrong_header(tmp_path: Path, wrong: dict) -> None:
    with pytest.raises(FramesError, match="header is wrong"):
        load_recording(write(tmp_path / "take.jsonl", {**HEADER, **wrong}))


def test_binary_file(tmp_path: Path) -> None:
    (tmp_path / "picture.jpg").write_bytes(b"\xff\xd8\xff\xe0\n\xff\xd8\n")
    with pytest.raises(FramesError, match="not a recording"):
        load_recording(tmp_path / "picture.jpg")
    with pytest.raises(FramesError, match="picture.jpg:1"):
        load_frames(tmp_path / "picture.jpg")


def test_interrupted(tmp_path: Path) -> None:
    text = (GOLDEN / "frames.jsonl").read_text()
    path = write(tmp_path / "cut.jsonl", {**HEADER, "state": "recording"}, text[:-100])
    recording = load_recording(path)
    assert not recording.is_complete
    assert len(recording.frames) == len(text.splitlines()) - 1


def test_head_angles() -> None:
    for case in EXPORT["head"]:
        found = head_angles(np.array(case["rotation"]))
        assert np.abs(np.array(found) - case["angles"]).max() < EXPORT["tolerance"]


def test_relative_expression() -> None:
    found = relative_expression(np.array(EXPORT["expression"]), np.array(EXPORT["restingFace"]))
    assert np.abs(found - EXPORT["relative"]).max() < EXPORT["tolerance"]
