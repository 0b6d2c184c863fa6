import * as v from 'valibot';
import { AvatarError } from './avatar-error';
import { type Gltf, gltfSchema } from './gltf';
import { MOST_BYTES, MOST_MORPH_NUMBERS, MOST_TRIANGLES } from './limits';

const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BIN_CHUNK = 0x004e4942;
const HEADER = 12;
const CHUNK_HEADER = 8;

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
 * Checks a GLB or VRM file and returns its JSON: the file is complete, within the size limits and self-contained.
 * `name`: the file name, for messages. Throws AvatarError.
 */
export function readAvatarFile(bytes: ArrayBuffer, name: string): Gltf {
  if (bytes.byteLength > MOST_BYTES) {
    throw new AvatarError(`${name} is too large: ${megabytes(bytes.byteLength)} MB, ${megabytes(MOST_BYTES)} at most.`);
  }
  const { json, binary } = readChunks(bytes, name);
  const gltf = parse(json, name);
  checkRequired(gltf, name);
  checkInside(gltf, binary, name);
  checkNodes(gltf, name);
  checkSize(gltf, name);
  return gltf;
}

function readChunks(bytes: ArrayBuffer, name: string): { json: string; binary: number } {
  const view = new DataView(bytes);
  if (bytes.byteLength < HEADER + CHUNK_HEADER || view.getUint32(0, true) !== MAGIC) {
    throw new AvatarError(`${name} is not a GLB file. Export the avatar as binary glTF (.glb) or as .vrm.`);
  }
  if (view.getUint32(4, true) !== 2) throw new AvatarError(`${name} is glTF 1. Export it as glTF 2.`);
  const length = view.getUint32(8, true);
  if (length > bytes.byteLength) throw cutOff(name);
  const jsonLength = view.getUint32(HEADER, true);
  const end = HEADER + CHUNK_HEADER + jsonLength;
  if (view.getUint32(HEADER + 4, true) !== JSON_CHUNK || end > length) throw cutOff(name);
  const json = new TextDecoder().decode(new Uint8Array(bytes, HEADER + CHUNK_HEADER, jsonLength));
  if (end + CHUNK_HEADER > length) return { json, binary: 0 };
  const binary = view.getUint32(end, true);
  if (view.getUint32(end + 4, true) !== BIN_CHUNK || end + CHUNK_HEADER + binary > length) throw cutOff(name);
  return { json, binary };
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
  if (accessors.some(({ bufferView }) => bufferView !== undefined && !bufferViews[bufferView])) throw cutOff(name);
}

/** Throws unless the nodes form trees: each has at most one parent, and none is its own ancestor. */
function checkNodes({ nodes = [] }: Gltf, name: string): void {
  const parents = new Map<number, number>();
  nodes.forEach(({ children = [] }, parent) => {
    for (const child of children) {
      if (!nodes[child] || parents.has(child)) {
        throw new AvatarError(`${name} is broken: node ${child} is missing or has two parents. Export it again.`);
      }
      parents.set(child, parent);
    }
  });
  for (let node = 0; node < nodes.length; node++) {
    let steps = 0;
    for (let at: number | undefined = node; at !== undefined; at = parents.get(at)) {
      if (steps++ > nodes.length) throw new AvatarError(`${name} is broken: its nodes form a cycle. Export it again.`);
    }
  }
}

function checkSize({ meshes = [], accessors = [] }: Gltf, name: string): void {
  const count = (accessor: number | undefined) => (accessor === undefined ? 0 : (accessors[accessor]?.count ?? 0));
  let triangles = 0;
  let numbers = 0;
  for (const { primitives } of meshes) {
    for (const { indices, attributes, targets = [] } of primitives) {
      const vertices = count(attributes.POSITION);
      triangles += (indices === undefined ? vertices : count(indices)) / 3;
      numbers += 3 * vertices * targets.reduce((sum, target) => sum + Object.keys(target).length, 0);
    }
  }
  if (triangles === 0) throw new AvatarError(`${name} has no mesh in it. Export the avatar with its meshes.`);
  if (triangles > MOST_TRIANGLES || numbers > MOST_MORPH_NUMBERS) {
    throw new AvatarError(
      `${name} is too heavy to draw for every frame: ${Math.round(triangles).toLocaleString('en')} triangles, ` +
        `${MOST_TRIANGLES.toLocaleString('en')} at most. Reduce it in a 3D program.`,
    );
  }
}

function cutOff(name: string): AvatarError {
  return new AvatarError(`${name} is cut off or broken: its data is incomplete. Copy or export it again.`);
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}
