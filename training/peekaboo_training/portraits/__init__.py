"""Re-rendered portraits: labelled photographs drawn again with other poses, expressions and light.

`prepare` takes a portrait apart (matte, light, texture, depth of the surroundings), `draw` renders it again, `choose`
limits poses and expressions to what the portrait supports, `samples` feeds the training data.
"""
