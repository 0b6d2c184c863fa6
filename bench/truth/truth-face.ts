import { at } from '../../src/face/at';
import { vertexNormals } from '../../src/face/face-model';
import type { Lens } from '../../src/face/projection';
import { type Coefficients, type Pose, REGIONS, type Region } from '../../src/face/types';
import { type Canvas, sampleOfPixel } from './canvas';
import { placed } from './mesh';
import type { Person } from './people';
import { coverage } from './picture';
import { BODY, type Scene, type SceneSetup } from './scene';

/** Ground truth of one face. */
export interface TruthFace {
  /** Number of the person in the script. */
  readonly person: number;
  readonly coefficients: Coefficients;
  /** In the frame's camera, see `lens`. */
  readonly pose: Pose;
  /** V × 3 mm in the frame's camera: x right, y up, z to the viewer. */
  readonly vertices: Float32Array;
  /** 68 × (x, y) and 478 × (x, y), frame pixels, hidden or not. */
  readonly landmarks68: Float32Array;
  readonly landmarks478: Float32Array;
  /** Share of the region's vertices facing the camera that nothing else hides; 0 where none faces it. */
  readonly visibility: Readonly<Record<Region, number>>;
  /** Per pixel × 255: the head's outline, hidden or not, and where something else lies in front of it. */
  readonly head: Uint8Array;
  readonly occluder: Uint8Array;
  /** Share of the head's pixels that is not hidden. */
  readonly visible: number;
}

/** Depth tolerance of the visibility test, mm. */
const SLACK = 4;

export function truthOf(setup: SceneSetup, person: number, head: Scene['heads'][number], own: Float32Array): TruthFace {
  const { model, lens, canvas, points, light } = setup;
  const { identity, albedo } = setup.people[person] as Person;
  const { pose, expression } = head;
  const label = 1 + person;
  const vertices = placed(own, pose, model.origin);
  const both = points.evaluate(identity, expression, new Float32Array(3 * points.count));
  const pixels = pinhole(placed(both, pose, model.origin), lens);
  const outline = coverage(canvas, (_, touched) => (touched & (1 << (label - 1))) !== 0);
  const body = BODY + person;
  const occluder = coverage(
    canvas,
    (front, touched) => (touched & (1 << (label - 1))) !== 0 && front !== label && front !== body,
  );
  return {
    person,
    coefficients: { identity, albedo, expression, light },
    pose,
    vertices,
    landmarks68: pixels.slice(0, 2 * 68),
    landmarks478: pixels.slice(2 * 68),
    visibility: regionVisibility(setup, vertices, [label, body]),
    head: outline,
    occluder,
    visible: 1 - sum(occluder) / Math.max(1, sum(outline)),
  };
}

/** Points (n × 3 mm in the camera) as n × (x, y) pixels. */
export function pinhole(points: Float32Array, { focal, centreX, centreY }: Lens): Float32Array {
  const out = new Float32Array((points.length / 3) * 2);
  for (let i = 0, o = 0; i < points.length; i += 3, o += 2) {
    const depth = -at(points, i + 2);
    out[o] = centreX + (focal * at(points, i)) / depth;
    out[o + 1] = centreY - (focal * at(points, i + 1)) / depth;
  }
  return out;
}

function regionVisibility(setup: SceneSetup, vertices: Float32Array, own: readonly number[]): Record<Region, number> {
  const { model, canvas, lens } = setup;
  const normals = vertexNormals(model, vertices, new Float32Array(vertices.length));
  const pixels = pinhole(vertices, lens);
  const share = (region: number) => {
    let facing = 0;
    let seen = 0;
    for (let v = 0; v < model.vertexCount; v++) {
      if (at(model.regionWeights, region * model.vertexCount + v) <= 0.5) continue;
      if (!faces(vertices, normals, v)) continue;
      facing += 1;
      const depth = -at(vertices, 3 * v + 2);
      if (!isHidden(canvas, at(pixels, 2 * v), at(pixels, 2 * v + 1), depth, own)) seen += 1;
    }
    return facing > 0 ? seen / facing : 0;
  };
  return Object.fromEntries(REGIONS.map((name, k) => [name, share(k)])) as Record<Region, number>;
}

/** Whether a vertex faces the camera. */
function faces(vertices: Float32Array, normals: Float32Array, v: number): boolean {
  let dot = 0;
  for (let axis = 0; axis < 3; axis++) dot -= at(vertices, 3 * v + axis) * at(normals, 3 * v + axis);
  return dot > 0;
}

/** Whether something else than `own` labels is drawn in front; outside the picture nothing is. */
function isHidden(canvas: Canvas, x: number, y: number, depth: number, own: readonly number[]): boolean {
  const column = Math.round(sampleOfPixel(x));
  const row = Math.round(sampleOfPixel(y));
  if (column < 0 || row < 0 || column >= canvas.width || row >= canvas.height) return false;
  const i = row * canvas.width + column;
  const label = at(canvas.label, i);
  return label > 0 && !own.includes(label) && 1 / at(canvas.nearness, i) < depth + SLACK;
}

function sum(values: Uint8Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
