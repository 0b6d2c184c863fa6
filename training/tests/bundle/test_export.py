"""Export: the same numbers as torch, with operators that every provider has."""

import argparse
import json

import pytest

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

from peekaboo_training.bundle import export
from peekaboo_training.bundle.manifest import OUTPUTS
from peekaboo_training.network.network import PeekabooNetwork
from peekaboo_training.network.published import TRAINING_ONLY, nodes_of, read_published
from peekaboo_training.settings import MODELS_FOLDER


def random_network():
    torch.manual_seed(0)
    network = PeekabooNetwork().eval()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.02 * torch.randn_like(parameter))
        network.face.feature_mean.normal_()
    return network


def test_export_equals_torch_and_uses_plain_operators(tmp_path):
    path = tmp_path / "network.onnx"
    assert export.export_network(random_network(), path) < 1e-4
    model = onnx.load(path)
    assert not {node.op_type for node in model.graph.node} & {"PRelu", "Max", "Min"}
    assert [(entry.domain, entry.version) for entry in model.opset_import] == [("", 17)]
    assert [output.name for output in model.graph.output] == list(OUTPUTS)


def test_only_channels_are_padded_by_nodes_of_their_own(tmp_path):
    path = tmp_path / "network.onnx"
    export.export_network(random_network(), path)
    graph = onnx.load(path).graph
    constants = {entry.name: onnx.numpy_helper.to_array(entry) for entry in graph.initializer}
    paddings = [constants[node.input[1]] for node in graph.node if node.op_type == "Pad"]
    assert paddings and all(not padding[[2, 3, 6, 7]].any() for padding in paddings)
    read = {name for node in nodes_of(graph) for name in node.input}
    assert all(entry.name in read for entry in graph.initializer)


@pytest.mark.parametrize("occluder", [-3.0, 3.0])
def test_the_fine_mask_is_computed_only_where_the_coarse_one_shows_an_occluder(tmp_path, occluder):
    network, path = random_network(), tmp_path / "network.onnx"
    with torch.no_grad():
        network.decoder.coarse.bias[0] = occluder
    export.export_network(network, path)
    image = torch.rand(1, 3, 192, 192)
    with torch.no_grad():
        *_, fine, coarse = export.BundleNetwork(network)(image)
    enlarged = torch.nn.functional.interpolate(coarse, scale_factor=2, mode="bilinear", align_corners=False)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    mask = torch.from_numpy(session.run(["mask"], {"image": image.numpy()})[0])
    expected, other = (fine, enlarged) if occluder > 0 else (enlarged, fine)
    assert (mask - expected).abs().max() < 1e-4 < 0.01 < (mask - other).abs().max()
    outer = onnx.load(path).graph
    assert not any("blocks.96" in node.name for node in outer.node)
    assert any("blocks.96" in node.name for node in nodes_of(outer))


def test_a_kernel_as_large_as_its_map_becomes_a_product(tmp_path):
    path = tmp_path / "network.onnx"
    export.export_network(random_network(), path)
    graph = onnx.load(path).graph
    face = [node.op_type for node in graph.node if node.name.startswith("/network/face/convolution")]
    assert face == ["Flatten", "Gemm", "Reshape"]


def test_weights_take_two_bytes_each_and_say_the_same(tmp_path):
    rounded, full = tmp_path / "rounded.onnx", tmp_path / "full.onnx"
    export.export_network(random_network(), full)
    assert export.export_network(export.round_to_half(random_network()), rounded) < 1e-4
    assert rounded.stat().st_size < 0.6 * full.stat().st_size


def test_a_wrong_export_is_refused(tmp_path):
    path = tmp_path / "network.onnx"
    image = torch.rand(1, 3, 192, 192)
    with torch.no_grad():
        *expected, _ = export.BundleNetwork(random_network())(image)
    export.export_network(PeekabooNetwork().eval(), path)
    with pytest.raises(ValueError, match="differs from torch"):
        export.compare(path, image, expected)


def test_what_was_published_can_be_trained_on(tmp_path):
    network, path = export.round_to_half(random_network()), tmp_path / "network.onnx"
    own = network.state_dict()
    export.export_network(network, path)
    state = read_published(path)
    assert {name for name in own if name not in state} == {name for name in own if name.startswith(TRAINING_ONLY)}
    assert all(torch.equal(value, own[name]) for name, value in state.items() if "activation" not in name)
    assert all((value - own[name]).abs().max() < 1e-6 for name, value in state.items())


def test_biases_that_are_kept_once_come_back(tmp_path):
    network, path = random_network(), tmp_path / "network.onnx"
    landmarks = network.landmarks
    alike = [(network.eyes.final, network.mouth.final), (landmarks.direct, landmarks.direct_rest, landmarks.final)]
    with torch.no_grad():
        for first, *others in alike:
            for layer in others:
                layer.bias.copy_(first.bias)
    own = export.round_to_half(network).state_dict()
    export.export_network(network, path)
    kept = {entry.name.removesuffix("_half") for entry in onnx.load(path).graph.initializer}
    assert "network.landmarks.final.bias" not in kept or "network.landmarks.direct.bias" not in kept
    state = read_published(path)
    assert all(torch.equal(state[name], own[name]) for name in own if name.endswith("bias") and name in state)
    assert {"mouth.final.bias", "eyes.final.bias", "landmarks.direct_rest.bias"} <= state.keys()


def test_training_goes_on_from_what_is_published():
    state = read_published(MODELS_FOLDER / "peekaboo" / "network.onnx")
    new = {name for name in PeekabooNetwork().state_dict() if name not in state}
    assert all(name.startswith(TRAINING_ONLY) for name in new)


def test_a_graph_with_another_answer_is_not_read(tmp_path):
    path = tmp_path / "network.onnx"
    export.export_network(random_network(), path)
    model = onnx.load(path)
    factor = next(entry for entry in model.graph.initializer if entry.name.startswith("onnx::Mul_"))
    factor.CopyFrom(onnx.numpy_helper.from_array(0.5 + onnx.numpy_helper.to_array(factor), factor.name))
    onnx.save(model, path)
    with pytest.raises(ValueError, match="differs from this version's network"):
        read_published(path)


def test_a_new_network_loses_the_old_one_s_landmark_shift(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(export, "MODELS_FOLDER", tmp_path)
    (tmp_path / "some").mkdir()
    (tmp_path / "some" / "landmark-shift.bin").write_bytes(b"old")
    content = {"stage": "full", "network": random_network().state_dict(), "progress": {"samples": 1}}
    torch.save(content, tmp_path / "checkpoint.pt")
    parser = argparse.ArgumentParser()
    export.add_arguments(parser)
    model = MODELS_FOLDER / "peekaboo" / "face-model.bin"
    command = ["--checkpoint", tmp_path / "checkpoint.pt", "--name", "some", "--face-model", model]
    assert export.run(parser.parse_args([str(word) for word in command])) == 0
    assert not (tmp_path / "some" / "landmark-shift.bin").exists() and "landmark-shift" in capsys.readouterr().out
    assert "landmarkShift" not in json.loads((tmp_path / "some" / "manifest.json").read_text())["files"]
