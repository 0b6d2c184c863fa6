"""Shapes and liveliness of the network's parts."""

import pytest

torch = pytest.importorskip("torch")

from peekaboo_training.bundle.manifest import OUTPUTS
from peekaboo_training.learn.start import load_fitting
from peekaboo_training.network.network import PeekabooNetwork
from synthetic_samples import random_sample

torch.set_num_threads(1)


def test_outputs_have_the_manifests_shapes():
    outputs = PeekabooNetwork().eval()(random_sample(4)["image"][:1])._asdict()
    assert {name: list(outputs[name].shape) for name in OUTPUTS} == {n: e["shape"] for n, e in OUTPUTS.items()}
    assert outputs["points"] is None


def test_a_fresh_network_says_mean_face_in_the_middle():
    outputs = PeekabooNetwork().eval()(random_sample(4)["image"])
    assert torch.equal(outputs.identity, torch.zeros(4, 80))
    assert torch.equal(outputs.pose, torch.zeros(4, 9))
    assert outputs.expression.max() < 0.1


def test_every_hidden_unit_of_the_eye_branch_hears_the_picture():
    network = PeekabooNetwork()
    maps = network.trunk.features(random_sample(8)["image"])
    heard = []
    network.eyes.activation.register_forward_hook(lambda module, inputs, output: heard.append(output))
    network.eyes(network.eyes.places(*network.eyes.cut(maps)))
    assert (heard[0].std(dim=0) > 1e-4).all()


def test_the_mouth_branch_sees_what_fills_a_mouth_whose_lips_lie_alike():
    torch.manual_seed(0)
    mouth = PeekabooNetwork().mouth
    with torch.no_grad():
        mouth.heat.weight[:, 0] = 0  # no place depends on channel 0 of the blocks' map
    fine, half, tongue = torch.rand(1, 16, 40, 56), torch.rand(1, 32, 20, 28), torch.zeros(32, 1, 1)
    mouth.blocks.register_forward_hook(lambda module, inputs, output: output + tongue)
    without = mouth.places(fine, half)
    tongue[0] = 1.0
    read = [without, mouth.places(fine, half)]
    assert torch.allclose(read[0][:, :64], read[1][:, :64], atol=1e-5)
    assert (read[0][:, 64:] - read[1][:, 64:]).abs().min() > 1e-4
    assert mouth(read[0]).shape == (1, 52)


def test_frozen_layers_get_no_gradient_and_others_do():
    network = PeekabooNetwork()
    network(random_sample(4)["image"], freeze=48, auxiliary=True).points.sum().backward()
    assert network.trunk.stages["48"][0].pointwise.weight.grad is None
    assert network.trunk.stages["24"][0].pointwise.weight.grad is not None


def test_parts_of_another_shape_start_anew(capsys):
    network, state = PeekabooNetwork(), PeekabooNetwork().state_dict()
    state["eyes.hidden.weight"] = torch.zeros(3, 3)
    before = network.eyes.hidden.weight.clone()
    load_fitting(network, state)
    assert torch.equal(network.eyes.hidden.weight, before)
    assert torch.equal(network.decoder.final.weight, state["decoder.final.weight"])
    assert "eyes" in capsys.readouterr().out


def test_a_branch_that_reads_more_than_it_did_answers_as_before(capsys):
    network, older = PeekabooNetwork(), PeekabooNetwork().state_dict()
    older = {name: torch.rand_like(value) for name, value in older.items() if name.startswith("mouth.")}
    older["mouth.hidden.weight"] = older["mouth.hidden.weight"][:, :64]
    load_fitting(network, {name: value for name, value in older.items() if ".value." not in name})
    places = torch.rand(2, 320)
    hidden = torch.nn.functional.linear(places[:, :64], older["mouth.hidden.weight"], older["mouth.hidden.bias"])
    assert torch.allclose(network.mouth.hidden(places), hidden, atol=1e-5)
    assert "mouth" in capsys.readouterr().out  # its values are new


def test_landmarks_are_crop_pixels_of_the_map_they_are_read_from():
    branch = PeekabooNetwork().landmarks
    with torch.no_grad():
        for layer in (branch.heat_middle, branch.heat_fine):
            layer.weight.zero_()
        branch.heat_fine.weight[:, 0] = 50.0
    fine = torch.zeros(1, 32, 48, 48)
    branch.fine = torch.nn.Identity()
    fine[0, 0, 11, 30] = 1.0
    _, places = branch(branch.moments(torch.zeros(1, 48, 24, 24), fine), torch.zeros(1, 141))
    assert torch.allclose(places[0], torch.tensor([8 * 15 + 3.5, 8 * 5 + 3.5]), atol=1e-2)
