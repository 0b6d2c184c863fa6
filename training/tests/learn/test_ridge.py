"""The closed-form start of the linear head."""

import pytest

torch = pytest.importorskip("torch")

from peekaboo_training.learn.ridge import ridge_start
from peekaboo_training.network.face_heads import FaceHead
from synthetic_samples import random_sample


class LowRankFeatures(torch.nn.Module):
    """A trunk whose features (B, 128, 3, 3) are a fixed linear map of 20 numbers in the picture's first row."""

    def __init__(self):
        super().__init__()
        self.face = FaceHead()
        self.register_buffer("map", torch.randn(20, 1152, generator=torch.Generator().manual_seed(7)))

    def shared_features(self, image):
        return (image[:, 0, 0, :20] @ self.map).unflatten(1, (128, 3, 3))


def related(network, fitted=1.0):
    """Batches whose identity is linear in the features, and whose pose has nothing to do with them."""
    seed, sample = 0, random_sample(32)
    while True:
        g = torch.Generator().manual_seed(seed)
        sample["image"] = torch.randn(32, 3, 192, 192, generator=g)
        sample["pose"] = torch.randn(32, 9, generator=g)
        sample["identity"] = network.shared_features(sample["image"]).flatten(1)[:, :80] * 3 - 1
        sample["has_fit"] = torch.full((32,), fitted)
        yield sample
        seed += 1


def test_a_linear_relation_is_found_and_chance_is_not():
    network = LowRankFeatures()
    samples = related(network)
    r2 = ridge_start(network, samples, 320, penalty=0.1)
    assert r2["identity"] > 0.99 and r2["pose"] < 0.2
    fresh = next(samples)
    standard = network.face.standardise(network.shared_features(fresh["image"]))
    predicted = network.face.linear(standard)[:, :80]
    assert (predicted - fresh["identity"]).abs().max() < 0.05 * fresh["identity"].std()


def test_samples_without_a_fit_teach_nothing():
    network = LowRankFeatures()

    def mixed():
        unfitted, fitted = related(network, 0.0), related(network)
        while True:
            yield next(unfitted) | {"identity": torch.full((32, 80), 1e3)}
            yield next(fitted)

    assert ridge_start(network, mixed(), 320, penalty=0.1)["identity"] > 0.99
