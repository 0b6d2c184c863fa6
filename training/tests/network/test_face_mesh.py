"""The face mesh in torch against the tflite interpreter."""

import numpy as np
import pytest

from peekaboo_training import settings

torch = pytest.importorskip("torch")
pytest.importorskip("tflite")


def test_torch_equals_the_interpreter():
    interpreter_module = pytest.importorskip("ai_edge_litert.interpreter")
    from peekaboo_training.network.face_mesh_file import fetch_face_mesh, load_face_mesh

    path = fetch_face_mesh(settings.DATA_FOLDER / "models")
    image = np.random.default_rng(0).random((1, 192, 192, 3), np.float32)
    interpreter = interpreter_module.Interpreter(str(path))
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], image)
    interpreter.invoke()
    expected = [interpreter.get_tensor(detail["index"]).reshape(-1) for detail in interpreter.get_output_details()]
    mesh = load_face_mesh(path)
    assert sum(parameter.numel() for parameter in mesh.parameters()) == 604_685
    with torch.no_grad():
        outputs = mesh(torch.from_numpy(image).permute(0, 3, 1, 2))
    for output, values in zip(outputs, expected, strict=True):
        np.testing.assert_allclose(output.reshape(-1).numpy(), values, rtol=1e-4, atol=1e-4)
