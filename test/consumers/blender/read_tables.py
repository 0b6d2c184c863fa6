"""Run by Blender: plays a Live Link Face CSV on the shape keys of a GLB, and imports a BVH. Prints JSON.

blender -b --factory-startup -P read_tables.py -- HEAD.glb TAKE.csv HEAD.bvh FPS FRAME...
"""

import csv
import json
import sys

import bpy
import numpy
from io_anim_bvh import import_bvh

# Its glTF importer uses names that newer numpy versions removed.
for name, kind in {"bool": bool, "int": int, "float": float, "object": object, "str": str}.items():
    if not hasattr(numpy, name):
        setattr(numpy, name, kind)


def seconds(timecode):
    """HH:MM:SS:FF.sss with 60 frames per second."""
    hours, minutes, whole, frames = timecode.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(whole) + float(frames) / 60


def import_csv(path, keys, fps):
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    start = seconds(rows[0]["Timecode"])
    for row in rows:
        frame = (seconds(row["Timecode"]) - start) * fps
        for column, value in row.items():
            name = column[0].lower() + column[1:]
            if name in keys:
                keys[name].value = float(value)
                keys[name].keyframe_insert("value", frame=frame)


def main():
    glb, table, motion, fps, *frames = sys.argv[sys.argv.index("--") + 1 :]
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.fps = int(fps)
    bpy.ops.import_scene.gltf(filepath=glb)
    head = next(o for o in bpy.data.objects if o.type == "MESH" and o.data.shape_keys)
    head.data.shape_keys.animation_data_clear()
    keys = head.data.shape_keys.key_blocks
    import_csv(table, keys, int(fps))
    # Blender 3.4's importer opens files with a mode that newer Python versions removed.
    import_bvh.open = lambda path, mode="r": open(path, mode.replace("U", ""))
    bpy.ops.import_anim.bvh(filepath=motion, update_scene_fps=False, use_fps_scale=False)
    armature = next(o for o in bpy.data.objects if o.type == "ARMATURE")
    joint = armature.pose.bones["Head"]
    result = {"keys": [key.name for key in keys][1:], "frames": []}
    for frame in frames:
        scene.frame_set(int(frame))
        values = [key.value for key in keys][1:]
        # BVH's first frame is Blender's frame 1.
        scene.frame_set(int(frame) + 1)
        world = armature.matrix_world @ joint.matrix @ joint.bone.matrix_local.inverted()
        result["frames"].append(
            {
                "values": values,
                "rotation": list(world.to_quaternion()),
                "translation": list((armature.matrix_world @ joint.matrix).to_translation()),
                "visibility": {},
            }
        )
    print("RESULT " + json.dumps(result))


main()
