import { at } from '../../src/face/at';
import type { FaceModel } from '../../src/face/face-model';
import { createPointSet, landmarks68Points, landmarks478Points } from '../../src/face/point-set';
import type { Lens } from '../../src/face/projection';
import type { Pose } from '../../src/face/types';
import { type Canvas, clearCanvas, createCanvas, drawSurface } from './canvas';
import { handMesh } from './hand';
import { createHead, type Head, litSurface } from './head';
import { type Mesh, placed } from './mesh';
import { type Person, randomLight, randomPerson } from './people';
import { createRandom } from './random';

/** Poses of all heads and hands at one moment. */
export interface Scene {
  /** `rest`: the pose of neck and shoulders, in which the head would look straight ahead. At most two. */
  readonly heads: readonly { readonly pose: Pose; readonly rest: Pose; readonly expression: Float32Array }[];
  /** At most two. */
  readonly hands: readonly { readonly pose: Pose; readonly left?: boolean }[];
}

/** First label of bodies and of hands. Labels are 1, 2 for heads, 3, 4 for bodies, 5, 6 for hands. */
export const BODY = 3;
export const HAND = 5;
/** Everything that the scenes of a clip have in common: people, meshes, light, lens, and the canvas they are drawn on. */
export interface SceneSetup {
  readonly model: FaceModel;
  readonly lens: Lens;
  readonly canvas: Canvas;
  readonly people: readonly Person[];
  readonly heads: readonly Head[];
  readonly hands: readonly Mesh[];
  readonly handColour: Float32Array;
  readonly light: Float32Array;
  readonly points: ReturnType<typeof createPointSet>;
}

/** People, light and hands of a seed, and an empty canvas. */
export function createSceneSetup(model: FaceModel, lens: Lens, size: SceneSetupOptions, count: number): SceneSetup {
  const { width, height, seed } = size;
  const people = Array.from({ length: count }, (_, k) => randomPerson(seed + 1000 * k));
  return {
    model,
    lens,
    canvas: createCanvas(width, height),
    people,
    heads: people.map((person, k) => createHead(model, person, seed + k)),
    hands: [handMesh(), handMesh(true)],
    handColour: handColours(model, people[0], seed),
    light: randomLight(seed),
    points: createPointSet(model, [landmarks68Points(model), landmarks478Points(model)]),
  };
}

interface SceneSetupOptions {
  readonly width: number;
  readonly height: number;
  readonly seed: number;
}

/** Draws a scene; returns the vertices of its heads in the axes of the model. */
export function drawScene(setup: SceneSetup, scene: Scene): Float32Array[] {
  const { canvas, lens, light } = setup;
  clearCanvas(canvas);
  const vertices = scene.heads.map(({ pose, rest, expression }, k) => {
    const head = setup.heads[k] as Head;
    const own = head.vertices(expression);
    const labels = { head: 1 + k, body: BODY + k };
    for (const surface of head.surfaces(own, pose, rest, light, labels)) {
      drawSurface(canvas, lens, surface);
    }
    return own;
  });
  scene.hands.forEach(({ pose, left }, k) => {
    const mesh = setup.hands[left ? 1 : 0] as Mesh;
    const inPlace = { ...mesh, positions: placed(mesh.positions, pose) };
    drawSurface(canvas, lens, litSurface(inPlace, setup.handColour, light, HAND + k));
  });
  return vertices;
}

/** Skin of the first person's face, blotched. */
function handColours(model: FaceModel, person: Person | undefined, seed: number): Float32Array {
  const random = createRandom(seed ^ 0x4a4d);
  const { positions } = handMesh();
  const cheek = at(model.landmarks68, 2);
  const skin = [0, 1, 2].map((k) => {
    let log = 0;
    for (let c = 0; c < 10; c++) {
      log += (person?.albedo[c] ?? 0) * at(model.albedoBasis, 3 * (c * model.vertexCount + cheek) + k);
    }
    return at(model.albedoMean, 3 * cheek + k) * Math.exp(log);
  });
  const out = new Float32Array(positions.length);
  for (let i = 0; i < out.length; i += 3) {
    const blotch = 1 + 0.08 * random.normal();
    for (let k = 0; k < 3; k++) out[i + k] = at(skin, k) * blotch;
  }
  return out;
}
