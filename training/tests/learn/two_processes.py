"""Run by torchrun in two processes: trains a little, and lets the mask collapse in one process. Argument: a folder."""

import sys
from pathlib import Path

import torch

from peekaboo_training.learn import alternation
from peekaboo_training.learn.misfit import Misfit, MisfitPrior
from peekaboo_training.learn.processes import join_group
from peekaboo_training.learn.train import train
from peekaboo_training.network.network import PeekabooNetwork
from peekaboo_training.settings import TrainSettings
from synthetic_samples import random_sample, random_samples


def train_decoder(rank: int, folder: Path) -> torch.Tensor:
    """Train on other samples in each process; gives the decoder's last weights."""
    settings = TrainSettings(stage="points", samples=16, minutes=0, batch=2, warmup_steps=1, log_every=1)
    network = PeekabooNetwork()
    train(network, random_samples(2, seed=100 * rank), None, settings, folder)
    return network.decoder.final.weight.detach()


def measure_spread(rank: int) -> torch.Tensor:
    """The prior of misfits of 0.1 in the first process and 0.2 in the second."""
    prior = MisfitPrior(3)
    errors = torch.full((30, 3, 3), 0.1 + 0.1 * rank)
    prior.add(Misfit(errors, torch.zeros(30, 3, 2), torch.ones(30, 3)), torch.ones(30))
    prior.gather()
    return prior.spread()


@torch.no_grad()
def guard_mask(rank: int) -> torch.Tensor:
    """Bias of the decoder after IoU fell from 0.9 to 0.1 in the second process alone."""
    alternation.WATCHED = 5
    network, sample = PeekabooNetwork(), random_sample(2) | {"covered": torch.zeros(2)}
    guard = alternation.MaskGuard(network)
    outputs = network(sample["image"])
    for iou in (0.9, (0.9, 0.1)[rank]):
        network.decoder.final.bias += 1
        for _ in range(alternation.WATCHED):
            guard.watch(outputs, sample, iou)
    return network.decoder.final.bias.detach()


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.manual_seed(0)
    own_rank, out = join_group()[0], Path(sys.argv[1])
    steps = {"decoder": lambda rank: train_decoder(rank, out), "spread": measure_spread, "bias": guard_mask}
    torch.save({name: step(own_rank) for name, step in steps.items()}, out / f"rank{own_rank}.pt")
