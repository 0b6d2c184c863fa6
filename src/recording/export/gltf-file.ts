import * as v from 'valibot';
import { RecordingError } from '../recording-error';

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const numbers = v.optional(v.array(v.number()));

const nodeSchema = v.looseObject({
  name: v.optional(v.string(), ''),
  mesh: v.optional(index),
  children: v.optional(v.array(index), []),
  rotation: numbers,
  matrix: numbers,
});
const targetNames = v.optional(v.looseObject({ targetNames: v.optional(v.array(v.string())) }));
const primitiveSchema = v.looseObject({ targets: v.optional(v.array(v.unknown())), extras: targetNames });

/** The parts of a glTF file that an animation needs; everything else is kept as it is. */
const gltfSchema = v.looseObject({
  nodes: v.optional(v.array(nodeSchema), []),
  meshes: v.optional(v.array(v.looseObject({ primitives: v.array(primitiveSchema), extras: targetNames })), []),
  accessors: v.optional(v.array(v.unknown()), []),
  bufferViews: v.optional(v.array(v.unknown()), []),
  buffers: v.optional(v.array(v.looseObject({ byteLength: v.number() })), []),
  animations: v.optional(v.array(v.unknown()), []),
  extensions: v.optional(v.record(v.string(), v.unknown()), {}),
});

export type Gltf = v.InferOutput<typeof gltfSchema>;

/** A GLB file: its JSON and its binary part. */
export interface GlbParts {
  readonly json: Gltf;
  readonly binary: Uint8Array<ArrayBuffer>;
}

const damaged = () => new RecordingError('damaged', 'The avatar is no valid GLB file, so it cannot be animated.');

/** Reads a GLB file. Throws RecordingError. */
export function readGlb(bytes: Uint8Array<ArrayBuffer>): GlbParts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (view.getUint32(0, true) !== 0x46546c67) throw damaged();
    const length = view.getUint32(12, true);
    const json = v.parse(gltfSchema, JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + length))));
    const start = 20 + length;
    const size = start + 8 <= bytes.length ? view.getUint32(start, true) : 0;
    return { json, binary: bytes.slice(start + 8, start + 8 + size) };
  } catch {
    throw damaged();
  }
}

/** The names of a mesh's morph targets. */
export function targetNamesOf({ extras, primitives }: Gltf['meshes'][number]): readonly string[] {
  return (
    extras?.targetNames ?? primitives.find((primitive) => primitive.extras?.targetNames)?.extras?.targetNames ?? []
  );
}
