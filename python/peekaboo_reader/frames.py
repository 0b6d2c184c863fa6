"""Reads frames.jsonl."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .camera import Camera

FORMAT = "peekaboo-recording"
VERSION = 1


class FramesError(ValueError):
    """A file is no frames.jsonl; the message names the file, the line and the reason."""


@dataclass(frozen=True)
class Crop:
    """The rotated square of the frame that the network saw: frame px, radians clockwise."""

    centre_x: float
    centre_y: float
    side: float
    angle: float


@dataclass(frozen=True)
class Pose:
    """The model's origin in the frame's camera: rotation (4,) quaternion x, y, z, w; translation (3,) mm."""

    rotation: np.ndarray
    translation: np.ndarray


@dataclass(frozen=True)
class RawFace:
    """What smoothing changes of a face, before smoothing."""

    expression: Mapping[str, float]
    pose: Pose
    camera: Camera


@dataclass(frozen=True)
class Face:
    """One face of a frame.

    points68: (68, 2) frame px; points478: (478, 3) frame px, None unless the tracker wrote them; identity: (80,);
    expression: 0 to 1 by ARKit's names; albedo: (10,); light: (27,); visibility: 0 to 1 by region; raw: the values
    before smoothing, None unless they were recorded.
    """

    id: int
    state: str
    presence: float
    points68: np.ndarray
    points478: np.ndarray | None
    pose: Pose
    camera: Camera
    crop: Crop
    identity: np.ndarray
    expression: Mapping[str, float]
    albedo: np.ndarray
    light: np.ndarray
    visibility: Mapping[str, float]
    raw: RawFace | None = None


@dataclass(frozen=True)
class Frame:
    """One frame or picture. time: s; width, height: px; fov: vertical field of view that the poses assume, degrees."""

    file: str
    index: int
    time: float
    width: int
    height: int
    fov: float
    faces: tuple[Face, ...]


def load_frames(path: str | Path) -> list[Frame]:
    """Reads a frames.jsonl, or the one in a folder of results; of a recording, its frames.

    A last line that an interruption cut off is left out. Raises FramesError for another damaged line, for lines of a
    version that has no camera, and for a recording of another version.
    """
    path = Path(path)
    if path.is_dir():
        path = path / "frames.jsonl"
    return list(read_frames(path))


def read_frames(path: Path) -> Iterator[Frame]:
    """Yields the frames of a file one by one. Raises FramesError as `load_frames`."""
    # Bytes that are not UTF-8 make a line damaged.
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            try:
                value = json.loads(line)
                is_header = number == 1 and "format" in value
                frame = None if is_header else _frame(value)
            except KeyError as error:
                raise FramesError(f"{path}:{number}: {error} is missing; track again with this version") from error
            except (TypeError, ValueError) as error:
                if not line.endswith("\n"):
                    return
                raise FramesError(f"{path}:{number}: not a line of frames.jsonl ({error})") from error
            if frame is None:
                check_header(path, value)
            else:
                yield frame


def check_header(path: Path, header: Any) -> None:
    """Raises FramesError for a header of another format or version."""
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise FramesError(f"{path}: not a recording; its first line is no header")
    if header.get("version") != VERSION:
        raise FramesError(f"{path}: version {header.get('version')}, this reader supports {VERSION}")


def _frame(line: dict[str, Any]) -> Frame:
    return Frame(
        file=line["file"],
        index=line["index"],
        time=line["time"],
        width=line["width"],
        height=line["height"],
        fov=line["fov"],
        faces=tuple(_face(face) for face in line["faces"]),
    )


def _face(face: dict[str, Any]) -> Face:
    crop, coefficients = face["crop"], face["coefficients"]
    return Face(
        id=face["id"],
        state=face["state"],
        presence=face["presence"],
        points68=to_array(face["points68"], (68, 2)),
        points478=to_array(face["points478"], (478, 3)) if "points478" in face else None,
        pose=_pose(face["pose"]),
        camera=_camera(face["camera"]),
        crop=Crop(crop["centreX"], crop["centreY"], crop["side"], crop["angle"]),
        identity=to_array(coefficients["identity"], (80,)),
        expression=coefficients["expression"],
        albedo=to_array(coefficients["albedo"], (10,)),
        light=to_array(coefficients["light"], (27,)),
        visibility=face["visibility"],
        raw=_raw(face["raw"]) if "raw" in face else None,
    )


def _raw(raw: dict[str, Any]) -> RawFace:
    return RawFace(raw["expression"], _pose(raw["pose"]), _camera(raw["camera"]))


def _pose(pose: dict[str, Any]) -> Pose:
    return Pose(to_array(pose["rotation"], (4,)), to_array(pose["translation"], (3,)))


def _camera(camera: dict[str, Any]) -> Camera:
    rotation, centre = to_array(camera["rotation"], (4,)), to_array(camera["centre"], (2,))
    return Camera(rotation, centre, camera["scale"], camera["distance"])


def to_array(values: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Converts to an array of floats. Raises TypeError or ValueError for other values, and for another shape."""
    array = np.asarray(values, float)
    if array.shape != shape:
        raise ValueError(f"{array.shape} values instead of {shape}")
    return array
