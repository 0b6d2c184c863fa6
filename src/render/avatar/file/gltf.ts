import * as v from 'valibot';

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const size = index;
const names = v.array(v.string());

/** The part of a glTF file's JSON that is checked here; the loader reads the rest. */
export const gltfSchema = v.looseObject({
  asset: v.looseObject({ version: v.string() }),
  extensionsRequired: v.optional(names),
  extensions: v.optional(v.record(v.string(), v.unknown())),
  buffers: v.optional(v.array(v.looseObject({ uri: v.optional(v.string()), byteLength: size }))),
  bufferViews: v.optional(
    v.array(
      v.looseObject({ buffer: index, byteOffset: v.optional(size), byteLength: size, byteStride: v.optional(size) }),
    ),
  ),
  accessors: v.optional(
    v.array(
      v.looseObject({
        bufferView: v.optional(index),
        byteOffset: v.optional(size),
        count: size,
        type: v.string(),
        componentType: index,
      }),
    ),
  ),
  images: v.optional(v.array(v.looseObject({ uri: v.optional(v.string()), bufferView: v.optional(index) }))),
  textures: v.optional(
    v.array(
      v.looseObject({
        source: v.optional(index),
        sampler: v.optional(index),
        extensions: v.optional(v.record(v.string(), v.unknown())),
      }),
    ),
  ),
  meshes: v.optional(
    v.array(
      v.looseObject({
        extras: v.optional(v.unknown()),
        primitives: v.array(
          v.looseObject({
            attributes: v.record(v.string(), index),
            indices: v.optional(index),
            targets: v.optional(v.array(v.record(v.string(), v.unknown()))),
            extras: v.optional(v.unknown()),
          }),
        ),
      }),
    ),
  ),
  nodes: v.optional(
    v.array(
      v.looseObject({
        name: v.optional(v.string()),
        children: v.optional(v.array(index)),
        mesh: v.optional(index),
      }),
    ),
  ),
});

export type Gltf = v.InferOutput<typeof gltfSchema>;
