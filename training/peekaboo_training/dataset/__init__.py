"""The stream of training samples: photographs, renders and portraits, with covers; and validation samples."""
