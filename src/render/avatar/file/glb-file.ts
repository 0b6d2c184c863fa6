import * as v from 'valibot';
import { AvatarError } from '../avatar-error';
import { COMPONENTS, checkCost, checkNodes } from './glb-budget';
import { cutOff, readChunks } from './glb-chunks';
import { checkPictures } from './glb-pictures';
import { type Gltf, gltfSchema } from './gltf';
import { MOST_BYTES } from './limits';

type Accessor = NonNullable<Gltf['accessors']>[number];
type View = NonNullable<Gltf['bufferViews']>[number];

/** Extensions that a file may require. With others, its meshes or textures are compressed in an unsupported way. */
const KNOWN_REQUIRED: readonly string[] = [
  'KHR_materials_unlit',
  'KHR_materials_emissive_strength',
  'KHR_mesh_quantization',
  'KHR_texture_transform',
  'EXT_texture_webp',
  'VRM',
  'VRMC_vrm',
  'VRMC_materials_mtoon',
  'VRMC_springBone',
  'VRMC_node_constraint',
];

/**
 * Checks a GLB or VRM file and returns its JSON: the file is complete, self-contained, and within the limits of what can
 * be drawn and decoded. Takes time in proportion to the size of the file.
 * `name`: the file name, for messages. Throws AvatarError.
 */
export function readAvatarFile(bytes: ArrayBuffer, name: string): Gltf {
  if (bytes.byteLength > MOST_BYTES) {
    throw new AvatarError(`${name} is too large: ${megabytes(bytes.byteLength)} MB, ${megabytes(MOST_BYTES)} at most.`);
  }
  const chunks = readChunks(bytes, name);
  const gltf = parse(chunks.json, name);
  checkRequired(gltf, name);
  checkNodes(gltf, name);
  checkCost(gltf, name);
  checkInside(gltf, chunks.binary.length, name);
  checkPictures(gltf, chunks, name);
  return gltf;
}

function parse(json: string, name: string): Gltf {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new AvatarError(`${name} is broken: its description is not JSON. Export it again.`);
  }
  const read = v.safeParse(gltfSchema, value);
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw new AvatarError(`${name} is broken at ${v.getDotPath(issue) ?? 'its top'}: ${issue.message}. Export it again.`);
}

function checkRequired({ extensionsRequired = [], asset }: Gltf, name: string): void {
  if (!asset.version.startsWith('2.')) throw new AvatarError(`${name} is glTF ${asset.version}. Export it as glTF 2.`);
  const unknown = extensionsRequired.filter((extension) => !KNOWN_REQUIRED.includes(extension));
  if (unknown.length > 0) {
    throw new AvatarError(
      `${name} needs ${unknown.join(', ')}, which is not read here. Export it without compression of meshes and pictures.`,
    );
  }
}

/** Refuses every reference out of the file, also to a texture beside it. */
function checkInside(
  { buffers = [], images = [], bufferViews = [], accessors = [] }: Gltf,
  binary: number,
  name: string,
) {
  const outside = [...buffers, ...images].find(({ uri }) => uri !== undefined && !uri.startsWith('data:'));
  if (outside) {
    const uri = (outside.uri ?? '').slice(0, 60);
    throw new AvatarError(`${name} refers to ${uri}, outside the file. Export it with everything embedded.`);
  }
  buffers.forEach(({ uri, byteLength }, i) => {
    if (uri === undefined && (i > 0 || byteLength > binary)) throw cutOff(name);
  });
  for (const { buffer, byteOffset = 0, byteLength } of bufferViews) {
    if (byteOffset + byteLength > (buffers[buffer]?.byteLength ?? -1)) throw cutOff(name);
  }
  if (!accessors.every((accessor) => isInView(accessor, bufferViews))) throw cutOff(name);
}

/** Bytes per number of an accessor, by glTF's code. */
const NUMBER_BYTES: Readonly<Record<number, number>> = { 5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4 };

/** Whether the numbers of an accessor lie in its view. An accessor without a view has zeros, but as many. */
function isInView(
  { bufferView, byteOffset = 0, count, type, componentType }: Accessor,
  views: readonly View[],
): boolean {
  const size = (COMPONENTS[type] ?? 1) * (NUMBER_BYTES[componentType] ?? 1);
  if (bufferView === undefined) return count * size <= MOST_BYTES;
  const view = views[bufferView];
  if (!view) return false;
  return byteOffset + (count - 1) * (view.byteStride ?? size) + size <= view.byteLength;
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}
