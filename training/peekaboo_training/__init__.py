"""Training of Peekaboo: face model, data, network, losses, evaluation and export."""
