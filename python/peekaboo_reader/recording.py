"""Reads recordings of Peekaboo's page, and the conventions of its exports."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .camera import quaternion_matrix
from .frames import Frame, FramesError, check_header, read_frames, to_array


@dataclass(frozen=True)
class Recording:
    """A recording: its header and its frames.

    created: ISO 8601; resting_face: (52,) in the order of the face model's expression names, None where none was set;
    is_complete: False where the recording was interrupted; markers: pairs of time in s and name.
    """

    name: str
    created: str
    source: Mapping[str, str]
    bundle: str
    resting_face: np.ndarray | None
    is_complete: bool
    markers: tuple[tuple[float, str], ...]
    frames: tuple[Frame, ...]


def load_recording(path: str | Path) -> Recording:
    """Reads a recording. A last line that an interruption cut off is left out.

    Raises FramesError for another file or version, a wrong header, and a damaged line.
    """
    path = Path(path)
    with path.open(encoding="utf-8", errors="replace") as lines:
        header = _header(path, lines.readline())
    frames = tuple(read_frames(path))
    try:
        return _recording(header, frames)
    except (KeyError, TypeError, ValueError) as error:
        raise FramesError(f"{path}: a value of the header is wrong ({error})") from error


def _recording(header: dict[str, Any], frames: tuple[Frame, ...]) -> Recording:
    resting_face = header["restingFace"]
    return Recording(
        name=header["name"],
        created=header["created"],
        source=header["source"],
        bundle=header["bundle"],
        resting_face=None if resting_face is None else to_array(resting_face, (52,)),
        is_complete=header["state"] == "complete",
        markers=tuple((float(marker["time"]), marker["name"]) for marker in header["markers"]),
        frames=frames,
    )


def _header(path: Path, line: str) -> dict[str, Any]:
    try:
        header = json.loads(line)
    except ValueError as error:
        raise FramesError(f"{path}: not a recording ({error})") from error
    check_header(path, header)
    missing = {"name", "created", "source", "bundle", "restingFace", "state", "markers"} - header.keys()
    if missing:
        raise FramesError(f"{path}: {', '.join(sorted(missing))} missing in the header")
    return header


def relative_expression(expression: np.ndarray, resting_face: np.ndarray) -> np.ndarray:
    """(…, 52) measured values and (52,) -> (…, 52) values relative to the resting face, 0 to 1."""
    return np.maximum(0, (expression - resting_face) / (1 - np.asarray(resting_face, float)))


def head_angles(rotation: np.ndarray) -> tuple[float, float, float]:
    """(4,) quaternion x, y, z, w -> yaw, pitch, roll in radians, as exported for Live Link Face.

    R = Ry(-yaw) · Rx(pitch) · Rz(-roll). Yaw is positive to the subject's right, pitch downwards, roll to the
    subject's left shoulder.
    """
    matrix = quaternion_matrix(rotation)
    yaw = -np.arctan2(matrix[0, 2], matrix[2, 2])
    pitch = -np.arcsin(np.clip(matrix[1, 2], -1, 1))
    roll = -np.arctan2(matrix[1, 0], matrix[1, 1])
    return float(yaw), float(pitch), float(roll)
