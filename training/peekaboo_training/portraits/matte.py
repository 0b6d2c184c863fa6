"""Where the person is in a portrait, by MediaPipe's selfie segmentation (npm, Apache-2.0)."""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
from pathlib import Path

import cv2
import numpy as np

from .pictures import ramp

PACKAGE = "@mediapipe/selfie_segmentation@0.1.1675465747"
_ARCHIVE = "mediapipe-selfie_segmentation-0.1.1675465747.tgz"
_MEMBER = "package/selfie_segmentation.tflite"
_SHA256 = "8d13b7fae74af625c641226813616a2117bd6bca19eb3b75574621fc08557f27"
_INPUT_SIZE = 256


def fetch_segmentation(folder: Path) -> Path:
    """Give the path of selfie_segmentation.tflite in `folder`, fetching it from npm if it is not there.

    Raises ValueError when its checksum is not the known one.
    """
    path = folder / "selfie_segmentation.tflite"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        with tarfile.open(folder / _ARCHIVE) as archive:
            path.write_bytes(archive.extractfile(_MEMBER).read())
        (folder / _ARCHIVE).unlink()
    if hashlib.sha256(path.read_bytes()).hexdigest() != _SHA256:
        raise ValueError(f"{path}: checksum differs from the known one; delete it to fetch it again")
    return path


class Segmentation:
    """Runs the network on single pictures."""

    def __init__(self, path: Path) -> None:
        """Raises ImportError without ai-edge-litert (`pip install peekaboo-training[portraits]`)."""
        from ai_edge_litert.interpreter import Interpreter

        self._interpreter = Interpreter(str(path), num_threads=1)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._output = self._interpreter.get_output_details()[0]["index"]

    def matte(self, picture: np.ndarray) -> np.ndarray:
        """Give the person's share (H, W), 0..1, of each pixel of an RGB uint8 picture (H, W, 3)."""
        small = cv2.resize(picture, (_INPUT_SIZE, _INPUT_SIZE)).astype(np.float32) / 255
        self._interpreter.set_tensor(self._input, small[None])
        self._interpreter.invoke()
        person = self._interpreter.get_tensor(self._output)[0, ..., 0]
        return cv2.resize(ramp(person, 0.3, 0.8).astype(np.float32), picture.shape[1::-1])
