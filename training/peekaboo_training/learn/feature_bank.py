"""`collect-features`: what the convolutions of a trained network see in training samples, in shards beside the truth.

The heads train from it (train_heads.py) without looking at a picture again: many times as fast. A bank belongs to the
convolutions that made it. About 130 kB a sample.
"""

from __future__ import annotations

import argparse
import hashlib
import signal
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from ..data.dataset import FaceDataset, Shares
from ..network.checkpoint import read_checkpoint
from ..network.network import PeekabooNetwork
from ..network.outputs import Seen
from ..settings import DATA_FOLDER, DEFAULT_FACE_MODEL

LABELS = (
    "points", "identity", "expression", "pose", "has_points", "has_fit", "exact", "covered", "twin", "same_crop",
    "person",
)  # fmt: skip
"""Fields of a sample that the heads' losses read."""
SHARD = 1024
BATCH = 64


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of `collect-features`."""
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=DATA_FOLDER, help="training data (default: data/)")
    parser.add_argument("--face-model", type=Path, default=DEFAULT_FACE_MODEL)
    parser.add_argument("--out", type=Path, required=True, help="folder of the shards, e.g. data/features")
    parser.add_argument("--count", type=int, default=30_000, help="samples, in whole shards (default: 30000)")
    parser.add_argument("--seed", type=int, default=1, help="another one for each process (default: 1)")
    parser.add_argument("--render-share", type=float, default=0.4, help="rendered heads among them (default: 0.4)")


def run(args: argparse.Namespace) -> int:
    """Write shards until there are enough; a signal (INT, TERM) ends it, what is written stays."""
    torch.set_num_threads(1)
    asked = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.append(True))
    network = PeekabooNetwork().eval().to(memory_format=torch.channels_last)
    network.load_state_dict(read_checkpoint(args.checkpoint)["network"], strict=False)
    shares = Shares(renders=args.render_share, negatives=0.0)
    samples = iter(FaceDataset(args.data, args.face_model, args.seed, shares=shares))
    args.out.mkdir(parents=True, exist_ok=True)
    if any(args.out.glob("*.npz")) and FeatureBank(args.out).convolutions != digest_of(network):
        raise SystemExit(f"{args.out}: holds what other convolutions saw; take another folder")
    began = time.monotonic()
    for k in range(-(-args.count // SHARD)):
        if asked:
            break
        write_shard(args.out / f"{args.seed}-{k:04d}.npz", collect(network, samples, SHARD))
        speed = (k + 1) * SHARD / (time.monotonic() - began)
        print(f"{(k + 1) * SHARD} samples, {speed:.0f}/s", flush=True)
    return 0


@torch.no_grad()
def collect(network: PeekabooNetwork, samples: Iterator[dict], count: int) -> dict[str, np.ndarray]:
    """A shard's arrays: the fields of Seen in half precision, and LABELS."""
    columns: dict[str, list] = {name: [] for name in (*Seen._fields, *LABELS)}
    for start in range(0, count, BATCH):
        some = list(islice(samples, min(BATCH, count - start)))
        image = torch.from_numpy(np.stack([sample["image"] for sample in some]))
        seen, _, _ = network.see(image.to(memory_format=torch.channels_last))
        for name, value in zip(Seen._fields, seen, strict=True):
            columns[name].append(value.numpy().astype(np.float32 if name == "moments" else np.float16))
        for name in LABELS:
            columns[name].append(np.stack([sample[name] for sample in some]))
    arrays = {name: np.concatenate(parts) for name, parts in columns.items()}
    return arrays | {"convolutions": np.array(digest_of(network))}


def digest_of(network: PeekabooNetwork) -> str:
    """SHA-256 of all weights that `see` runs, to know a bank's convolutions by."""
    parts = ("trunk.", "decoder.", "eyes.enter.", "eyes.blocks.", "eyes.heat.", "landmarks.middle.", "landmarks.fine.",
             "landmarks.heat_")  # fmt: skip
    digest = hashlib.sha256()
    for name, value in sorted(network.state_dict().items()):
        if name.startswith(parts):
            digest.update(np.ascontiguousarray(value.detach().cpu().numpy()).tobytes())
    return digest.hexdigest()


def write_shard(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write a shard at once, never half."""
    temporary = path.with_suffix(".tmp")
    with temporary.open("wb") as file:
        np.savez(file, **arrays)
    temporary.replace(path)


class FeatureBank:
    """The shards of a folder, in memory; `refresh` takes in what has been written since."""

    def __init__(self, folder: Path):
        """Raises ValueError where there is no shard yet, or shards are of different convolutions."""
        self._folder = folder
        self.convolutions = ""
        self.shards: dict[str, dict[str, torch.Tensor]] = {}
        self.refresh()
        if not self.shards:
            raise ValueError(f"{folder}: no shards; run collect-features first")

    def __len__(self) -> int:
        return sum(len(shard["pose"]) for shard in self.shards.values())

    def refresh(self) -> None:
        """Read new shards."""
        for path in sorted(self._folder.glob("*.npz")):
            if path.name not in self.shards:
                self.shards[path.name] = self._read(path)

    def _read(self, path: Path) -> dict[str, torch.Tensor]:
        with np.load(path) as content:
            convolutions = str(content["convolutions"]) if "convolutions" in content else "unknown"
            if convolutions != (self.convolutions or convolutions):
                raise ValueError(f"{path}: of other convolutions than the shards beside it")
            self.convolutions = convolutions
            return {name: torch.from_numpy(content[name]) for name in content.files if name != "convolutions"}

    def batch(self, rng: np.random.Generator, size: int, run: int = 8) -> tuple[Seen, dict[str, torch.Tensor]]:
        """Random runs of neighbours (so that pairs stay together), `size` samples in all: features and labels."""
        shards = list(self.shards.values())
        parts = []
        for _ in range(size // run):
            shard = shards[int(rng.integers(len(shards)))]
            first = int(rng.integers(len(shard["pose"]) - run + 1))
            parts.append((shard, slice(first, first + run)))
        return join(parts)

    def whole(self, name: str) -> tuple[Seen, dict[str, torch.Tensor]]:
        """One shard as a batch."""
        return join([(self.shards[name], slice(None))])


def join(parts: list[tuple[dict[str, torch.Tensor], slice]]) -> tuple[Seen, dict[str, torch.Tensor]]:
    """Slices of shards, one after the other: features in single precision, and labels."""
    fields = {name: torch.cat([shard[name][rows] for shard, rows in parts]) for name in (*Seen._fields, *LABELS)}
    seen = Seen(*(fields[name].float() for name in Seen._fields))
    return seen, {name: fields[name] for name in LABELS}
