import { type FaceModel, vertexNormals } from '../../face/face-model';
import { createPointSet, landmarks68Points, landmarks478Points } from '../../face/point-set';
import { type Lens, lensOfFrame } from '../../face/projection';
import { type Coefficients, type Pose, REGIONS, type Region, type Seconds } from '../../face/types';
import { backdrop } from './backdrop';
import { type Canvas, clearCanvas, createCanvas, drawSurface, sampleOfPixel } from './canvas';
import { handMesh } from './hand';
import { createHead, type Head, litSurface } from './head';
import { type Mesh, placed } from './mesh';
import { type Person, randomLight, randomPerson } from './people';
import { contactShadow, coverage, createSensor, type Picture } from './picture';
import { createRandom } from './random';

/** Where everybody is at a moment. */
export interface Scene {
  /** `rest`: the pose of neck and shoulders, in which the head would look straight ahead. At most two. */
  readonly heads: readonly { readonly pose: Pose; readonly rest: Pose; readonly expression: Float32Array }[];
  /** At most two. */
  readonly hands: readonly { readonly pose: Pose; readonly left?: boolean }[];
}

/** What happens in a clip. */
export interface Script {
  readonly name: string;
  readonly seconds: Seconds;
  readonly people: 1 | 2;
  sceneAt(time: Seconds): Scene;
}

export interface ClipSettings {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  /** Of people, light, background and noise. */
  readonly seed: number;
  /** Standard deviation of the sensor's noise in steps of 255. */
  readonly noise: number;
}

export const CLIP_SETTINGS: ClipSettings = { width: 640, height: 480, framesPerSecond: 30, seed: 1, noise: 1.5 };

/** A face as it is. */
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

/** A picture and the truth about it. */
export interface TruthFrame {
  readonly index: number;
  readonly time: Seconds;
  readonly picture: Picture;
  /** Per pixel × 255: hands, wherever they are. */
  readonly hands: Uint8Array;
  readonly faces: readonly TruthFace[];
}

/** Frames are drawn in order; noise goes on from frame to frame, and a clip made anew repeats it. */
export interface TruthClip {
  readonly script: Script;
  readonly settings: ClipSettings;
  readonly length: number;
  readonly lens: Lens;
  next(): TruthFrame | undefined;
}

/** Radians from top to bottom, as docs/formats.md has it. */
const VERTICAL_FOV = (63 * Math.PI) / 180;
/** Labels: heads 1, 2, bodies 3, 4, hands 5, 6. */
const BODY = 3;
const HAND = 5;
/** mm that a vertex may lie behind what is drawn at its place and still count as seen. */
const SLACK = 4;

/** A clip of a face model's people. Deterministic: script and settings make the same pixels. */
export function createTruthClip(model: FaceModel, script: Script, settings: ClipSettings = CLIP_SETTINGS): TruthClip {
  const { width, height, framesPerSecond, seed } = settings;
  const lens = lensOfFrame(width, height, VERTICAL_FOV);
  const people = Array.from({ length: script.people }, (_, k) => randomPerson(seed + 1000 * k));
  const stage = {
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
  const background = backdrop(width, height, seed);
  const sensor = createSensor(seed, settings.noise);
  const length = Math.round(script.seconds * framesPerSecond);
  let index = 0;
  return {
    script,
    settings,
    length,
    lens,
    next() {
      if (index >= length) return undefined;
      const time = index / framesPerSecond;
      const scene = script.sceneAt(time);
      const vertices = drawScene(stage, scene);
      const hands = coverage(stage.canvas, (label) => label >= HAND);
      const shadow = contactShadow(hands, width, height, Math.round(width / 60));
      const picture = sensor.expose(stage.canvas, background, shadow, BODY - 1);
      const faces = scene.heads.map((head, k) => truthOf(stage, k, head, vertices[k] as Float32Array));
      return { index: index++, time, picture, hands, faces };
    },
  };
}

interface Stage {
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

/** Answers with the heads' vertices in the model's axes. */
function drawScene(stage: Stage, scene: Scene): Float32Array[] {
  const { canvas, lens, light } = stage;
  clearCanvas(canvas);
  const vertices = scene.heads.map(({ pose, rest, expression }, k) => {
    const head = stage.heads[k] as Head;
    const own = head.vertices(expression);
    const labels = { head: 1 + k, body: BODY + k };
    for (const surface of head.surfaces(own, pose, rest, light, labels)) {
      drawSurface(canvas, lens, surface);
    }
    return own;
  });
  scene.hands.forEach(({ pose, left }, k) => {
    const mesh = stage.hands[left ? 1 : 0] as Mesh;
    const inPlace = { ...mesh, positions: placed(mesh.positions, pose) };
    drawSurface(canvas, lens, litSurface(inPlace, stage.handColour, light, HAND + k));
  });
  return vertices;
}

function truthOf(stage: Stage, person: number, head: Scene['heads'][number], own: Float32Array): TruthFace {
  const { model, lens, canvas, points, light } = stage;
  const { identity, albedo } = stage.people[person] as Person;
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
    visibility: regionVisibility(stage, vertices, [label, body]),
    head: outline,
    occluder,
    visible: 1 - sum(occluder) / Math.max(1, sum(outline)),
  };
}

/** Points (n × 3 mm in the camera) as n × (x, y) pixels. */
export function pinhole(points: Float32Array, { focal, centreX, centreY }: Lens): Float32Array {
  const out = new Float32Array((points.length / 3) * 2);
  for (let i = 0, o = 0; i < points.length; i += 3, o += 2) {
    const depth = -(points[i + 2] as number);
    out[o] = centreX + (focal * (points[i] as number)) / depth;
    out[o + 1] = centreY - (focal * (points[i + 1] as number)) / depth;
  }
  return out;
}

function regionVisibility(stage: Stage, vertices: Float32Array, own: readonly number[]): Record<Region, number> {
  const { model, canvas, lens } = stage;
  const normals = vertexNormals(model, vertices, new Float32Array(vertices.length));
  const pixels = pinhole(vertices, lens);
  const share = (region: number) => {
    let facing = 0;
    let seen = 0;
    for (let v = 0; v < model.vertexCount; v++) {
      if ((model.regionWeights[region * model.vertexCount + v] as number) <= 0.5) continue;
      if (!faces(vertices, normals, v)) continue;
      facing += 1;
      const depth = -(vertices[3 * v + 2] as number);
      if (!isHidden(canvas, pixels[2 * v] as number, pixels[2 * v + 1] as number, depth, own)) seen += 1;
    }
    return facing > 0 ? seen / facing : 0;
  };
  return Object.fromEntries(REGIONS.map((name, k) => [name, share(k)])) as Record<Region, number>;
}

/** Whether a vertex's normal looks at the camera. */
function faces(vertices: Float32Array, normals: Float32Array, v: number): boolean {
  let dot = 0;
  for (let axis = 0; axis < 3; axis++) dot -= (vertices[3 * v + axis] as number) * (normals[3 * v + axis] as number);
  return dot > 0;
}

/** Whether something else than `own` labels is drawn in front; outside the picture nothing is. */
function isHidden(canvas: Canvas, x: number, y: number, depth: number, own: readonly number[]): boolean {
  const column = Math.round(sampleOfPixel(x));
  const row = Math.round(sampleOfPixel(y));
  if (column < 0 || row < 0 || column >= canvas.width || row >= canvas.height) return false;
  const i = row * canvas.width + column;
  const label = canvas.label[i] as number;
  return label > 0 && !own.includes(label) && 1 / (canvas.nearness[i] as number) < depth + SLACK;
}

/** Skin of the first person's face, blotched. */
function handColours(model: FaceModel, person: Person | undefined, seed: number): Float32Array {
  const random = createRandom(seed ^ 0x4a4d);
  const { positions } = handMesh();
  const cheek = model.landmarks68[2] as number;
  const skin = [0, 1, 2].map((k) => {
    let log = 0;
    for (let c = 0; c < 10; c++) {
      log += (person?.albedo[c] ?? 0) * (model.albedoBasis[3 * (c * model.vertexCount + cheek) + k] as number);
    }
    return (model.albedoMean[3 * cheek + k] as number) * Math.exp(log);
  });
  const out = new Float32Array(positions.length);
  for (let i = 0; i < out.length; i += 3) {
    const blotch = 1 + 0.08 * random.normal();
    for (let k = 0; k < 3; k++) out[i + k] = (skin[k] as number) * blotch;
  }
  return out;
}

function sum(values: Uint8Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
