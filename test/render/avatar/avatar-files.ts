/** Tiny GLB and VRM files, made here: a head of spheres with eyes, morph targets and bones. */

/** Names of morph targets, in the order of the mesh, and where on the head each moves the skin. */
export interface AvatarRecipe {
  readonly targets: readonly string[];
  /** Goes into the JSON's `extensions`; nodes and meshes by the numbers below. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** Names of the bones' nodes. */
  readonly boneNames?: Readonly<Record<'neck' | 'head' | 'leftEye' | 'rightEye', string>>;
  /** Looks along −z, as VRM 0 does. */
  readonly backward?: boolean;
  /** Changes the JSON before it is written. */
  readonly change?: (json: Json) => void;
}

export type Json = Record<string, unknown> & {
  buffers: { uri?: string; byteLength: number }[];
  nodes: Record<string, unknown>[];
  meshes: Record<string, unknown>[];
  accessors: Record<string, unknown>[];
};

/** Numbers of the nodes in the files made here. */
export const NODES = { neck: 0, head: 1, leftEye: 2, rightEye: 3, face: 4, leftBall: 5, rightBall: 6 } as const;
/** Metres, of the face that looks along +z. */
export const EYE: readonly [number, number, number] = [0.032, 1.56, 0.085];
export const MOUTH: readonly [number, number, number] = [0, 1.5, 0.095];
export const NECK: readonly [number, number, number] = [0, 1.42, 0];
export const HEAD: readonly [number, number, number] = [0, 1.48, 0];
const CENTRE: readonly [number, number, number] = [0, 1.55, 0];
const RADII: readonly [number, number, number] = [0.075, 0.12, 0.1];

type Point = readonly [number, number, number];

/** The places a target moves, by its name; the chin and the brow for others. */
function placesOf(name: string): Point[] {
  const low = name.toLowerCase();
  const left = /left|_l$/.test(low);
  const right = /right|_r$/.test(low);
  const [x, y, z] = EYE;
  if (/eye|blink|look/.test(low))
    return left
      ? [[x, y, z]]
      : right
        ? [[-x, y, z]]
        : [
            [x, y, z],
            [-x, y, z],
          ];
  if (/brow/.test(low)) return [[left ? x : right ? -x : 0, y + 0.025, z]];
  return [MOUTH];
}

/** A GLB of this recipe. */
export function avatarGlb({ targets, extensions, boneNames, backward = false, change }: AvatarRecipe): ArrayBuffer {
  const bin = new Binary();
  const flip = backward ? -1 : 1;
  const turned = (points: Float32Array) => points.map((value, i) => (i % 3 === 1 ? value : flip * value));
  const skin = sphere(24, 18, RADII, CENTRE);
  const face = {
    attributes: { POSITION: bin.vectors(turned(skin.positions)), NORMAL: bin.vectors(turned(skin.normals)) },
    indices: bin.indices(skin.indices),
    material: 0,
    ...(targets.length > 0
      ? { targets: targets.map((name) => ({ POSITION: bin.vectors(turned(moved(skin.positions, placesOf(name)))) })) }
      : {}),
  };
  const ball = sphere(12, 8, [0.014, 0.014, 0.014], [0, 0, 0]);
  const eye = {
    attributes: { POSITION: bin.vectors(turned(ball.positions)), NORMAL: bin.vectors(turned(ball.normals)) },
    indices: bin.indices(ball.indices),
    material: 1,
  };
  const names = boneNames ?? { neck: 'Neck', head: 'Head', leftEye: 'LeftEye', rightEye: 'RightEye' };
  const at = ([x, y, z]: Point, [px, py, pz]: Point = [0, 0, 0]) => [flip * (x - px), y - py, flip * (z - pz)];
  const [ex, ey, ez] = EYE;
  const json: Json = {
    asset: { version: '2.0', generator: 'test' },
    scene: 0,
    scenes: [{ nodes: [NODES.neck] }],
    nodes: [
      { name: names.neck, translation: at(NECK), children: [NODES.head] },
      { name: names.head, translation: at(HEAD, NECK), children: [NODES.leftEye, NODES.rightEye, NODES.face] },
      { name: names.leftEye, translation: at([ex, ey, ez], HEAD), children: [NODES.leftBall] },
      { name: names.rightEye, translation: at([-ex, ey, ez], HEAD), children: [NODES.rightBall] },
      { name: 'Face', translation: at([0, 0, 0], HEAD), mesh: 0 },
      { name: 'LeftBall', mesh: 1 },
      { name: 'RightBall', mesh: 1 },
    ],
    meshes: [
      { name: 'Face', primitives: [face], extras: { targetNames: targets } },
      { name: 'Ball', primitives: [eye] },
    ],
    materials: [
      { pbrMetallicRoughness: { baseColorFactor: [0.2, 0.55, 0.9, 1], metallicFactor: 0, roughnessFactor: 0.6 } },
      { pbrMetallicRoughness: { baseColorFactor: [0.02, 0.02, 0.03, 1], metallicFactor: 0, roughnessFactor: 0.2 } },
    ],
    accessors: bin.accessors,
    bufferViews: bin.views,
    buffers: [{ byteLength: bin.length }],
    ...(extensions ? { extensions, extensionsUsed: Object.keys(extensions) } : {}),
  };
  change?.(json);
  return glb(JSON.stringify(json), bin.bytes());
}

/** A GLB of a JSON text and a binary chunk. */
export function glb(json: string, binary: Uint8Array = new Uint8Array()): ArrayBuffer {
  const text = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 4) * 4));
  const length = 12 + 8 + text.length + (binary.length > 0 ? 8 + binary.length : 0);
  const out = new ArrayBuffer(length);
  const view = new DataView(out);
  const bytes = new Uint8Array(out);
  [0x46546c67, 2, length, text.length, 0x4e4f534a].forEach((word, i) => {
    view.setUint32(4 * i, word, true);
  });
  bytes.set(text, 20);
  if (binary.length > 0) {
    view.setUint32(20 + text.length, binary.length, true);
    view.setUint32(24 + text.length, 0x004e4942, true);
    bytes.set(binary, 28 + text.length);
  }
  return out;
}

/** VRM 0's extension over a recipe's targets: presets by VRM 0's names. */
export function vrm0(targets: readonly string[]): Record<string, unknown> {
  return {
    specVersion: '0.0',
    humanoid: {
      humanBones: (['neck', 'head', 'leftEye', 'rightEye'] as const).map((bone) => ({ bone, node: NODES[bone] })),
    },
    firstPerson: { lookAtTypeName: 'Bone' },
    blendShapeMaster: {
      blendShapeGroups: targets.map((name, index) => ({
        name: name.toUpperCase(),
        presetName: name,
        binds: [{ mesh: 0, index, weight: 100 }],
      })),
    },
  };
}

/** VRM 1's extension over a recipe's targets: presets by VRM 1's names. */
export function vrm1(targets: readonly string[]): Record<string, unknown> {
  const bones = (['neck', 'head', 'leftEye', 'rightEye'] as const).map((bone) => [bone, { node: NODES[bone] }]);
  const preset = targets.map((name, index) => [name, { morphTargetBinds: [{ node: NODES.face, index, weight: 1 }] }]);
  return {
    specVersion: '1.0',
    humanoid: { humanBones: Object.fromEntries(bones) },
    lookAt: { type: 'bone' },
    expressions: { preset: Object.fromEntries(preset) },
  };
}

export const VRM0_NAMES = ['joy', 'a', 'i', 'u', 'e', 'o', 'blink', 'blink_l', 'blink_r'] as const;
export const VRM1_NAMES = ['happy', 'aa', 'ih', 'ou', 'ee', 'oh', 'blink', 'blinkLeft', 'blinkRight'] as const;

/** Numbers one after the other, with the views and accessors that say so. */
class Binary {
  readonly views: Record<string, unknown>[] = [];
  readonly accessors: Record<string, unknown>[] = [];
  readonly #parts: Uint8Array[] = [];
  length = 0;

  vectors(values: Float32Array): number {
    const axis = (i: number) => values.filter((_, at) => at % 3 === i);
    const min = [0, 1, 2].map((i) => axis(i).reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY));
    const max = [0, 1, 2].map((i) => axis(i).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY));
    const rest = { componentType: 5126, type: 'VEC3', count: values.length / 3, min, max };
    return this.#add(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), rest);
  }

  indices(values: Uint16Array): number {
    const bytes = new Uint8Array(Math.ceil(values.byteLength / 4) * 4);
    bytes.set(new Uint8Array(values.buffer));
    return this.#add(bytes, { componentType: 5123, type: 'SCALAR', count: values.length });
  }

  bytes(): Uint8Array {
    const out = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.#parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }

  #add(bytes: Uint8Array, accessor: Record<string, unknown>): number {
    this.views.push({ buffer: 0, byteOffset: this.length, byteLength: bytes.length });
    this.accessors.push({ bufferView: this.views.length - 1, ...accessor });
    this.#parts.push(bytes);
    this.length += bytes.length;
    return this.accessors.length - 1;
  }
}

function sphere(around: number, up: number, radii: Point, centre: Point) {
  const positions: number[] = [];
  const normals: number[] = [];
  const indices: number[] = [];
  for (let row = 0; row <= up; row++) {
    for (let column = 0; column <= around; column++) {
      const [theta, phi] = [(Math.PI * row) / up, (2 * Math.PI * column) / around];
      const unit: Point = [Math.sin(theta) * Math.sin(phi), Math.cos(theta), Math.sin(theta) * Math.cos(phi)];
      positions.push(...unit.map((value, i) => (centre[i] ?? 0) + (radii[i] ?? 0) * value));
      normals.push(...unit);
      const at = row * (around + 1) + column;
      const below = at + around + 1;
      if (row < up && column < around) indices.push(at, below, at + 1, at + 1, below, below + 1);
    }
  }
  return {
    positions: Float32Array.from(positions),
    normals: Float32Array.from(normals),
    indices: Uint16Array.from(indices),
  };
}

/** A dent of 1 cm around each of the places. */
function moved(positions: Float32Array, places: readonly Point[]): Float32Array {
  const out = new Float32Array(positions.length);
  for (let i = 0; i < positions.length; i += 3) {
    for (const place of places) {
      const way = Math.hypot(...place.map((value, axis) => (positions[i + axis] ?? 0) - value));
      out[i + 1] = (out[i + 1] ?? 0) - 0.01 * Math.exp(-((way / 0.02) ** 2));
    }
  }
  return out;
}
