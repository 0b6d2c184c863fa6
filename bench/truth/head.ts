import { at } from '../../src/face/at';
import { type FaceModel, modelAlbedo, modelVertices, vertexNormals } from '../../src/face/face-model';
import type { Pose, Vector3 } from '../../src/face/types';
import type { Surface } from './canvas';
import { type Mesh, placed, ringTriangles } from './mesh';
import type { Person } from './people';
import { createRandom } from './random';
import { litColours } from './shade';
import { boundaryLoop, capMesh, type Skull } from './skull';

/** A drawable person: the face model's head closed by a skull with hair, neck and shoulders. */
export interface Head {
  /** Vertices of the model, V × 3 mm, in the model's own axes. */
  vertices(expression: Float32Array): Float32Array;
  /** The head in its pose, and neck and shoulders in the pose `rest`. */
  surfaces(vertices: Float32Array, pose: Pose, rest: Pose, light: Float32Array, labels: HeadLabels): Surface[];
}

export interface HeadLabels {
  readonly head: number;
  readonly body: number;
}

export function createHead(model: FaceModel, person: Person, seed: number): Head {
  const loop = boundaryLoop(model.triangles);
  const albedo = modelAlbedo(model, person.albedo, new Float32Array(model.mean.length));
  const skull = capMesh(model, loop);
  const headAlbedo = concat(albedo, hairColours(skull, person, seed));
  const triangles = Uint16Array.from([...model.triangles, ...skull.triangles]);
  const skin = meanColour(albedo, loop);
  return {
    vertices: (expression) => modelVertices(model, person.identity, expression, new Float32Array(model.mean.length)),
    surfaces(vertices, pose, rest, light, labels) {
      const whole = { positions: concat(vertices, skull.positions(vertices)), triangles };
      const body = bodyMesh(pose, rest, model.origin);
      return [
        litSurface(
          { ...whole, positions: placed(whole.positions, pose, model.origin) },
          headAlbedo,
          light,
          labels.head,
        ),
        litSurface(body, bodyColours(body, skin, person.cloth), light, labels.body),
      ];
    },
  };
}

/** A mesh in the camera's axes with the light on it. */
export function litSurface(mesh: Mesh, albedo: Float32Array, light: Float32Array, label: number): Surface {
  const normals = vertexNormals(mesh, mesh.positions, new Float32Array(mesh.positions.length));
  return { ...mesh, colours: litColours(albedo, normals, light), label };
}

/** Hair colour in streaks; skin colour where the cap meets the neck. */
function hairColours(skull: Skull, { hair }: Person, seed: number): Float32Array {
  const random = createRandom(seed ^ 0x4a15);
  const streaks = Array.from({ length: skull.around }, () => random.between(0.6, 1.5));
  const out = new Float32Array(3 * skull.count);
  for (let i = 0; i < skull.count; i++) {
    const streak = at(streaks, i % skull.around) * random.between(0.85, 1.15);
    for (let k = 0; k < 3; k++) out[3 * i + k] = at(hair, k) * streak;
  }
  return out;
}

const AROUND = 20;
const NECK = 6;
/** Sections of the shoulders: height below the model's origin, half width, half depth, mm. */
const SHOULDERS = [
  [-128, 66, 62],
  [-140, 105, 72],
  [-156, 160, 86],
  [-185, 205, 97],
  [-270, 225, 106],
  [-760, 215, 112],
] as const;
const RINGS = NECK + SHOULDERS.length;
const BODY_TRIANGLES = Uint16Array.from(ringTriangles(RINGS, AROUND));
/** Position of neck and shoulders behind the model's origin. */
const BEHIND = -88;

/** Neck from the head (in its pose) down to the shoulders (in the pose at rest), in the camera's axes. */
function bodyMesh(pose: Pose, rest: Pose, origin: Vector3): Mesh {
  const ring = (y: number, width: number, depth: number, at: Pose) => {
    const points = new Float32Array(3 * AROUND);
    for (let i = 0; i < AROUND; i++) {
      const angle = (2 * Math.PI * i) / AROUND;
      points.set([Math.cos(angle) * width, y, BEHIND - Math.sin(angle) * depth], 3 * i);
    }
    return placed(points, at);
  };
  const upper = ring(-52 - origin[1], 53, 47, pose);
  const lower = ring(-124, 62, 57, rest);
  const rings = Array.from({ length: NECK }, (_, k) => mixed(upper, lower, k / (NECK - 1)));
  for (const [y, width, depth] of SHOULDERS) rings.push(ring(y, width, depth, rest));
  // From the feet up, as rings run.
  rings.reverse();
  const positions = new Float32Array(RINGS * 3 * AROUND);
  for (const [k, points] of rings.entries()) positions.set(points, k * 3 * AROUND);
  return { positions, triangles: BODY_TRIANGLES };
}

function bodyColours(body: Mesh, skin: readonly number[], cloth: readonly number[]): Float32Array {
  const dressed = SHOULDERS.length * AROUND;
  return body.positions.map((_, i) => at(Math.floor(i / 3) < dressed ? cloth : skin, i % 3));
}

function mixed(a: Float32Array, b: Float32Array, share: number): Float32Array {
  return a.map((value, i) => value + share * (at(b, i) - value));
}

function meanColour(albedo: Float32Array, vertices: readonly number[]): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  for (const vertex of vertices) for (const k of [0, 1, 2] as const) sum[k] += at(albedo, 3 * vertex + k);
  return [sum[0] / vertices.length, sum[1] / vertices.length, sum[2] / vertices.length];
}

function concat(a: Float32Array, b: Float32Array): Float32Array {
  const out = new Float32Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
