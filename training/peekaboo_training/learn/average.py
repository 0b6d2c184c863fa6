"""`average`: the weighted mean of several checkpoints' weights, as a checkpoint to evaluate, export and start from.

Runs that start from one another lie in one basin of the loss, so that their mean is often a better network than each
(model soups, Wortsman et al. 2022).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from ..network.checkpoint import Progress, read_checkpoint, save_weights


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of `average`."""
    parser.add_argument("checkpoints", type=Path, nargs="+", help="checkpoint.pt of each run")
    parser.add_argument("--shares", type=float, nargs="+", help="weights, which are normalised (default: equal)")
    parser.add_argument("--out", type=Path, required=True, help="the checkpoint to write")


def run(args: argparse.Namespace) -> int:
    """Write the mean, with the longest run's progress; exits with a message when the checkpoints do not match."""
    shares = args.shares or [1.0] * len(args.checkpoints)
    if len(shares) != len(args.checkpoints) or min(shares) < 0 or sum(shares) <= 0:
        raise SystemExit(f"--shares: {len(args.checkpoints)} numbers, none below 0 and not all 0")
    contents = [read_checkpoint(path) for path in args.checkpoints]
    if len(stages := sorted({content["stage"] for content in contents})) > 1:
        raise SystemExit(f"checkpoints of different stages: {', '.join(stages)}")
    try:
        network = mean_of([content["network"] for content in contents], [share / sum(shares) for share in shares])
    except ValueError as error:
        raise SystemExit(f"{', '.join(map(str, args.checkpoints))}: {error}") from error
    longest = max((content["progress"] for content in contents), key=lambda progress: progress["samples"])
    try:
        save_weights(args.out, network, Progress(**longest), contents[0]["stage"])
    except ValueError as error:
        raise SystemExit(str(error)) from error
    print(f"wrote {args.out}")
    return 0


def mean_of(states: list[dict[str, torch.Tensor]], shares: list[float]) -> dict[str, torch.Tensor]:
    """Mean of state dicts weighted by `shares`, which sum to 1; integer tensors are those of the first.

    Raises ValueError when the names or shapes of their tensors differ.
    """
    shapes = [{name: value.shape for name, value in state.items()} for state in states]
    unlike = sorted({name for some in shapes for name, _ in some.items() ^ shapes[0].items()})
    if unlike:
        raise ValueError(f"weights of different networks: {', '.join(unlike[:5])}")
    weighted = list(zip(shares, states, strict=True))
    return {
        name: sum(share * state[name] for share, state in weighted) if value.is_floating_point() else value
        for name, value in states[0].items()
    }
