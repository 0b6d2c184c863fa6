"""`collect-features`: store the convolutions' outputs for training samples, with their labels, in shards.

`train-heads` (heads.py) trains on this bank without running the convolutions. A bank is valid only for the convolutions
that made it. About 130 kB per sample.
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

from ..dataset.face_dataset import FaceDataset, Shares
from ..network.checkpoint import read_checkpoint
from ..network.network import PeekabooNetwork
from ..network.outputs import HeadInputs
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
    parser.add_argument("--seed", type=int, default=1, help="a different one for each process (default: 1)")
    parser.add_argument("--render-share", type=float, default=0.4, help="rendered heads among them (default: 0.4)")


def run(args: argparse.Namespace) -> int:
    """Write shards until there are --count samples; SIGINT or SIGTERM ends after the current shard."""
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
        raise SystemExit(f"{args.out}: holds features of another network; choose another folder")
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
    """Compute a shard's arrays: the fields of HeadInputs in half precision, and LABELS."""
    columns: dict[str, list] = {name: [] for name in (*HeadInputs._fields, *LABELS)}
    for start in range(0, count, BATCH):
        some = list(islice(samples, min(BATCH, count - start)))
        image = torch.from_numpy(np.stack([sample["image"] for sample in some]))
        seen, *_ = network.head_inputs(image.to(memory_format=torch.channels_last))
        for name, value in zip(HeadInputs._fields, seen, strict=True):
            columns[name].append(value.numpy().astype(np.float32 if name == "moments" else np.float16))
        for name in LABELS:
            columns[name].append(np.stack([sample[name] for sample in some]))
    arrays = {name: np.concatenate(parts) for name, parts in columns.items()}
    return arrays | {"convolutions": np.array(digest_of(network))}


def digest_of(network: PeekabooNetwork) -> str:
    """SHA-256 of all weights that `head_inputs` uses; identifies the convolutions of a bank."""
    parts = ("trunk.", "decoder.", "eyes.enter.", "eyes.blocks.", "eyes.heat.", "landmarks.middle.", "landmarks.fine.",
             "landmarks.heat_")  # fmt: skip
    digest = hashlib.sha256()
    for name, value in sorted(network.state_dict().items()):
        if name.startswith(parts):
            digest.update(np.ascontiguousarray(value.detach().cpu().numpy()).tobytes())
    return digest.hexdigest()


def write_shard(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write a shard; a file at `path` is replaced only by a complete one."""
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
        """Read shards that were added to the folder."""
        for path in sorted(self._folder.glob("*.npz")):
            if path.name not in self.shards:
                self.shards[path.name] = self._read(path)

    def _read(self, path: Path) -> dict[str, torch.Tensor]:
        with np.load(path) as content:
            convolutions = str(content["convolutions"]) if "convolutions" in content else "unknown"
            if convolutions != (self.convolutions or convolutions):
                raise ValueError(f"{path}: made by other convolutions than the other shards")
            self.convolutions = convolutions
            return {name: torch.from_numpy(content[name]) for name in content.files if name != "convolutions"}

    def batch(self, rng: np.random.Generator, size: int, run: int = 8) -> tuple[HeadInputs, dict[str, torch.Tensor]]:
        """Draw `size` samples in random runs of `run` neighbours, so that pairs stay together: features and labels."""
        shards = list(self.shards.values())
        parts = []
        for _ in range(size // run):
            shard = shards[int(rng.integers(len(shards)))]
            first = int(rng.integers(len(shard["pose"]) - run + 1))
            parts.append((shard, slice(first, first + run)))
        return join(parts)

    def whole(self, name: str) -> tuple[HeadInputs, dict[str, torch.Tensor]]:
        """Give one shard as a batch."""
        return join([(self.shards[name], slice(None))])


def join(parts: list[tuple[dict[str, torch.Tensor], slice]]) -> tuple[HeadInputs, dict[str, torch.Tensor]]:
    """Concatenate slices of shards: features in single precision, and labels."""
    fields = {name: torch.cat([shard[name][rows] for shard, rows in parts]) for name in (*HeadInputs._fields, *LABELS)}
    seen = HeadInputs(*(fields[name].float() for name in HeadInputs._fields))
    return seen, {name: fields[name] for name in LABELS}
