"""Run by Blender: imports a GLB and prints the shape keys and the head's rotation at given frames as JSON.

blender -b --factory-startup -P read_glb.py -- FILE.glb FPS FRAME... [--picture FRAME=FILE.png ...]
"""

import json
import math
import sys

import bpy
import numpy

# Blender 3.4's importer uses names that newer numpy versions removed.
for name, kind in {"bool": bool, "int": int, "float": float, "object": object, "str": str}.items():
    if not hasattr(numpy, name):
        setattr(numpy, name, kind)


def head_object():
    return next(o for o in bpy.data.objects if o.type == "MESH" and o.data.shape_keys)


def picture(head, frame, path):
    scene = bpy.context.scene
    scene.frame_set(frame)
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    scene.collection.objects.link(camera)
    # glTF's z towards the viewer is Blender's -y.
    camera.location = (0, -0.05, 0)
    camera.rotation_euler = (math.radians(90), 0, 0)
    camera.data.lens = 40
    camera.data.clip_start = 0.01
    scene.camera = camera
    scene.render.engine = "BLENDER_WORKBENCH"
    scene.display.shading.light = "STUDIO"
    scene.display.shading.color_type = "VERTEX"
    scene.render.resolution_x = scene.render.resolution_y = 480
    scene.render.filepath = path
    bpy.ops.render.render(write_still=True)


def main():
    arguments = sys.argv[sys.argv.index("--") + 1 :]
    path, fps, *rest = arguments
    split = rest.index("--picture") if "--picture" in rest else len(rest)
    frames, pictures = [int(value) for value in rest[:split]], rest[split + 1 :]
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.fps = int(fps)
    bpy.ops.import_scene.gltf(filepath=path)
    head = head_object()
    result = {"keys": [key.name for key in head.data.shape_keys.key_blocks][1:], "frames": []}
    for frame in frames:
        scene.frame_set(frame)
        world = head.matrix_world
        keys = head.data.shape_keys.key_blocks
        visibility = {o.name: o.location.x for o in bpy.data.objects if o.name.startswith("visibility_")}
        result["frames"].append(
            {
                "values": [key.value for key in keys][1:],
                "rotation": list(world.to_quaternion()),
                "translation": list(world.to_translation()),
                "visibility": visibility,
            }
        )
    print("RESULT " + json.dumps(result))
    for entry in pictures:
        frame, file = entry.split("=", 1)
        picture(head, int(frame), file)


main()
