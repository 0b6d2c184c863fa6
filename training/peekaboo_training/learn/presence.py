"""`presence`: train the presence layer alone, on more pictures without a face than training draws.

Logistic regression on the frozen features of the presence branch. Half of the pictures have no face, and many of these
show a hand in place of one. They are weighted by how often a tracker meets them, so that presence stays a probability,
and a penalty keeps the layer near its old weights. Run it after training and `average`, which change the features.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from ..bundle.export import load_network
from ..dataset.face_dataset import FaceDataset, Shares
from ..network.checkpoint import Progress, read_checkpoint, save_weights
from ..network.network import PeekabooNetwork
from ..settings import DATA_FOLDER, DEFAULT_FACE_MODEL

SHARES = Shares(negatives=0.5, renders=0.15, covered=0.75, twins=0.0, hands=0.4)
NEGATIVE_WEIGHT = 0.1
"""Weight of a picture without a face, relative to one with a face."""
PENALTY = 0.003
"""Weight of the squared change of the layer, in inputs of variance 1."""
KEPT_APART = 0.2
SEED = 800_003
BATCH = 64


@dataclass(frozen=True)
class PresenceSamples:
    """Inputs (N, 1152) of the presence layer; whether there is a face, and a cover (N,)."""

    inputs: torch.Tensor
    present: torch.Tensor
    covered: torch.Tensor

    def part(self, chosen: slice) -> PresenceSamples:
        """Give some of the samples."""
        return PresenceSamples(self.inputs[chosen], self.present[chosen], self.covered[chosen])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of `presence`."""
    parser.add_argument("--checkpoint", type=Path, required=True, help="checkpoint.pt whose layer is trained")
    parser.add_argument("--out", type=Path, required=True, help="the checkpoint to write")
    parser.add_argument("--data", type=Path, default=DATA_FOLDER, help="training data (default: data/)")
    parser.add_argument("--face-model", type=Path, default=DEFAULT_FACE_MODEL)
    parser.add_argument("--count", type=int, default=12_000, help="pictures to train on (default: 12000)")


def run(args: argparse.Namespace) -> int:
    """Train the layer, print its errors on pictures it was not trained on, and write the checkpoint."""
    torch.set_num_threads(1)
    if args.count < 100:
        raise SystemExit("--count: at least 100 pictures")
    content = read_checkpoint(args.checkpoint)
    network = load_network(args.checkpoint).to(memory_format=torch.channels_last)
    samples = islice(FaceDataset(args.data, args.face_model, SEED, shares=SHARES), args.count)
    looks = collect(network, samples)
    known = int(len(looks.present) * (1 - KEPT_APART))
    weight, bias = learn(network.presence.weight[0].detach(), network.presence.bias.detach(), looks.part(slice(known)))
    apart = looks.part(slice(known, None))
    print(f"{len(apart.present)} held-out pictures; the layer before:")
    print(report(apart, network.presence.weight[0].detach(), network.presence.bias.detach()))
    print(f"after:\n{report(apart, weight, bias)}")
    state = content["network"] | {"presence.weight": weight[None], "presence.bias": bias}
    try:
        save_weights(args.out, state, Progress(**content["progress"]), content["stage"])
    except ValueError as error:
        raise SystemExit(str(error)) from error
    print(f"wrote {args.out}")
    return 0


@torch.no_grad()
def collect(network: PeekabooNetwork, samples: Iterator[dict]) -> PresenceSamples:
    """Run the trunk and the presence branch on samples."""
    inputs, present, covered = [], [], []
    while some := list(islice(samples, BATCH)):
        image = torch.from_numpy(np.stack([sample["image"] for sample in some]))
        inputs.append(network.presence_inputs(image.to(memory_format=torch.channels_last)))
        present += [float(sample["presence"]) for sample in some]
        covered += [float(sample["covered"]) for sample in some]
        if len(present) % (BATCH * 32) == 0:
            print(f"{len(present)} pictures", flush=True)
    return PresenceSamples(torch.cat(inputs), torch.tensor(present), torch.tensor(covered))


def learn(weight: torch.Tensor, bias: torch.Tensor, looks: PresenceSamples, penalty: float = PENALTY,
          ) -> tuple[torch.Tensor, torch.Tensor]:  # fmt: skip
    """Train the layer (1152,), (1,) from its present weights; `penalty` limits its change in standardised inputs."""
    mean, spread = looks.inputs.mean(0), looks.inputs.std(0) + 0.02
    standard = (looks.inputs - mean) / spread
    before = looks.inputs @ weight + bias
    counts = torch.where(looks.present > 0.5, 1.0, NEGATIVE_WEIGHT)
    change, offset = torch.zeros_like(weight, requires_grad=True), torch.zeros(1, requires_grad=True)
    search = torch.optim.LBFGS([change, offset], max_iter=300, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        search.zero_grad()
        logits = before + standard @ change + offset
        value = F.binary_cross_entropy_with_logits(logits, looks.present, counts) + penalty * change.square().sum()
        value.backward()
        return value

    search.step(loss)
    change = change.detach() / spread
    return weight + change, bias + offset.detach() - change @ mean


def report(looks: PresenceSamples, weight: torch.Tensor, bias: torch.Tensor) -> str:
    """Report the share of wrong predictions on pictures without a face, with an open and with a covered face."""
    predicted = torch.sigmoid(looks.inputs @ weight + bias)
    face = looks.present > 0.5
    kinds = {"no face": ~face, "open": face & (looks.covered < 0.5), "covered": face & (looks.covered > 0.5)}
    lines = []
    for name, kind in kinds.items():
        wrong = (predicted[kind] > 0.5) != (name != "no face")
        lines.append(f"  {name}: {100 * wrong.float().mean():.2f} % of {int(kind.sum())} wrong")
    return "\n".join(lines)
