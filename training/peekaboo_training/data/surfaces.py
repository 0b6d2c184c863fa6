"""The fetch-surfaces command: CC0 textures, normal maps and matcaps from npm.

npm @pmndrs/assets (CC0-1.0) holds panoramas with high dynamic range, normal maps and matcaps. Parts of the panoramas
become textures for cloth, boards and backgrounds.
"""

from __future__ import annotations

import argparse
import base64
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from ..settings import GAMMA
from .faces import add_data_argument

PACKAGE = "@pmndrs/assets@1.7.0"
_SIDE = 192
_PER_PANORAMA = 16


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    add_data_argument(parser)


def run(args: argparse.Namespace) -> None:
    """Write `textures`, `normals` and `matcaps` below material/."""
    material = args.data / "material"
    with tempfile.TemporaryDirectory() as folder:
        package = _unpacked(Path(folder))
        for name in ("normals", "matcaps"):
            paths = sorted((package / name).glob("*.webp.js"))
            pictures = ((path.name.split(".")[0], _embedded(path)) for path in paths)
            print(f"{name}: {_write(material / name, pictures)}")
        print(f"textures: {_write(material / 'textures', _panorama_parts(package / 'hdri'))}")


def _unpacked(folder: Path) -> Path:
    subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def _decoded(path: Path) -> bytes:
    """Give the file that a module of the package embeds. Raises ValueError when it embeds none."""
    found = re.search(r"base64,([A-Za-z0-9+/=]+)", path.read_text())
    if found is None:
        raise ValueError(f"{path.name}: no embedded file")
    return base64.b64decode(found[1])


def _embedded(path: Path) -> np.ndarray:
    """Decode the embedded picture as BGR, its longer side 256 px at most."""
    picture = cv2.imdecode(np.frombuffer(_decoded(path), np.uint8), cv2.IMREAD_COLOR)
    scale = min(1.0, 256 / max(picture.shape[:2]))
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def _panorama_parts(folder: Path) -> Iterator[tuple[str, np.ndarray]]:
    """Cut squares (BGR uint8) out of each panorama, exposed for what they show."""
    import OpenEXR

    rng = np.random.default_rng(0)
    for path in sorted(folder.glob("*.exr.js")):
        with tempfile.NamedTemporaryFile(suffix=".exr") as file:
            file.write(_decoded(path))
            file.flush()
            with OpenEXR.File(file.name) as panorama:
                linear = np.asarray(panorama.channels()["RGB"].pixels, np.float32)
        for k in range(_PER_PANORAMA):
            side = int(rng.integers(60, min(200, linear.shape[0])))
            y, x = (int(rng.integers(0, length - side + 1)) for length in linear.shape[:2])
            part = linear[y : y + side, x : x + side]
            level = rng.uniform(0.4, 0.8) / max(float(np.percentile(part.mean(2), 70)), 1e-4)
            stored = (np.clip(part * level, 0, 1) ** (1 / GAMMA) * 255).astype(np.uint8)
            yield f"{path.name.split('.')[0]}-{k:02d}", cv2.resize(stored[..., ::-1], (_SIDE, _SIDE))


def _write(folder: Path, pictures: Iterator[tuple[str, np.ndarray]]) -> int:
    """Write BGR pictures as WebP; gives their number."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, picture in pictures:
        cv2.imwrite(str(folder / f"{name}.webp"), picture, [cv2.IMWRITE_WEBP_QUALITY, 88])
        count += 1
    return count
