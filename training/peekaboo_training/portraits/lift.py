"""The prepare-portraits command: takes labelled portraits apart, so that they can be drawn again."""

from __future__ import annotations

import argparse
import itertools
import time
from pathlib import Path

import cv2
import numpy as np

from ..data.faces import add_data_argument
from ..data.fits import Fit
from ..data.store import FaceStore
from ..face_model.format import read_face_model
from ..settings import MODELS_FOLDER
from .matte import Segmentation, fetch_segmentation
from .pictures import to_stored
from .portrait import PORTRAITS_FOLDER, Portrait, portrait_path, save_portrait
from .surface import PortraitSurface
from .surroundings import lift_surroundings
from .texture import eye_colours, lift_texture, light_of, spectacles_score
from .view import PortraitView


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    add_data_argument(parser)
    face_model = MODELS_FOLDER / "peekaboo" / "face-model.bin"
    parser.add_argument("--face-model", type=Path, default=face_model, metavar="FILE", help="model of the fits")
    parser.add_argument("--limit", type=int, default=None, metavar="N", help="portraits per collection at most")


def run(args: argparse.Namespace) -> None:
    """Prepare every training portrait with a trusted fit into portraits/COLLECTION/NAME.npz; done ones are skipped."""
    cv2.setNumThreads(1)
    model = read_face_model(args.face_model)
    store = FaceStore.read(args.data, held_back=False, model=model, limit=args.limit)
    if store.fits is None:
        raise SystemExit(f"prepare-portraits: no fits in {args.data}: run the fit command first")
    segmentation = Segmentation(fetch_segmentation(args.data / "models"))
    written = prepare(store, PortraitSurface(model), segmentation, args.data / PORTRAITS_FOLDER)
    print(f"{written} portraits prepared")


def prepare(store: FaceStore, surface: PortraitSurface, segmentation: Segmentation, folder: Path) -> int:
    """Prepare the store's portraits; gives how many were written. Doubtful pictures and poor fits are left out.

    The order is mixed, so that an unfinished folder holds a fair sample.
    """
    written, started = 0, time.monotonic()
    for index in np.random.default_rng(0).permutation(len(store)):
        key = store.keys[index]
        path, fit = portrait_path(folder, key), store.trusted_fit(index)
        if fit is None or store.doubtful[index] or path.exists():
            continue
        picture = store.picture(index)
        save_portrait(path, lift(surface, key, picture, segmentation.matte(picture), fit))
        written += 1
        if written % 200 == 0:
            print(f"{written} portraits, {(time.monotonic() - started) / written:.2f} s each", flush=True)
    return written


def lift(surface: PortraitSurface, key: str, picture: np.ndarray, matte: np.ndarray, fit: Fit) -> Portrait:
    """Take a portrait apart: stored crop (240, 240, 3) RGB uint8, matte (240, 240) 0..1, fitted face."""
    view = PortraitView(surface, picture, matte, fit)
    texels = view.texels()
    light = light_of(view, texels)
    iris, white = eye_colours(view, texels, light)
    skin, around = lift_texture(view, texels, light), lift_surroundings(view)
    inner = np.s_[60:180, 60:180]
    return Portrait(
        key=key,
        texture=to_stored(skin.texture), front=to_stored(around.front), back=to_stored(around.back),
        background=to_stored(around.background), front_alpha=_as_bytes(around.front_alpha),
        matte=_as_bytes(around.matte), front_depth=around.front_depth, back_depth=around.back_depth,
        light=light.light, albedo=light.albedo, iris=iris.astype(np.float32), white=white.astype(np.float32),
        identity=fit.identity.astype(np.float32), expression=fit.expression.astype(np.float32),
        rotation=fit.rotation.astype(np.float32), translation=fit.translation.astype(np.float32),
        scale=np.float32(fit.scale), light_error=np.float32(light.error), bare_temples=np.float32(skin.bare_temples),
        spectacles=np.float32(spectacles_score(surface, skin.texture)), colourful=_colourful(picture[inner]),
        detail=_detail(picture[inner]),
    )  # fmt: skip


def _as_bytes(mask: np.ndarray) -> np.ndarray:
    return (np.clip(mask, 0, 1) * 255 + 0.5).astype(np.uint8)


def _colourful(picture: np.ndarray) -> np.float32:
    """Mean difference between the largest and the smallest channel, 0..1."""
    return np.float32(np.ptp(picture.astype(np.float32), axis=2).mean() / 255)


def _detail(picture: np.ndarray) -> np.float32:
    """Energy between 1 and 2 px over that between 2 and 4 px: low for small faces that were enlarged."""
    grey = picture.astype(np.float32).mean(2)
    levels = [cv2.GaussianBlur(grey, (0, 0), sigma) for sigma in (0.7, 1.4, 2.8)]
    fine, coarse = (float(((a - b) ** 2).mean()) for a, b in itertools.pairwise(levels))
    return np.float32(fine / max(coarse, 1e-3))
