/** Runs in the page of stage.test.ts: a stage fed with a drawn picture and a face of known coefficients. */
import { EngineStore } from '@babylonjs/core/Engines/engineStore';
import { faceOf } from '../../src/face/expression';
import { type FaceModel, modelAlbedo, modelVertices, parseFaceModel, vertexNormals } from '../../src/face/face-model';
import { projectPoints } from '../../src/face/projection';
import { exponential, toMatrix } from '../../src/face/rotation';
import { sh9 } from '../../src/face/spherical-harmonics';
import type { CropCamera, Face, FaceData, TrackedFrame, Vector3 } from '../../src/face/types';
import { createStage, type Stage } from '../../src/render/stage';
import type { StageOptions } from '../../src/render/stage-options';

export interface DoubleFrame {
  /** The picture's one colour. */
  readonly colour: string;
  /** The picture's width and height; 640 × 480 without it. */
  readonly size?: readonly [number, number];
  /** Where the face's origin lies, frame pixels. */
  readonly centre: readonly [number, number];
  /** Rotation vector, radians. */
  readonly turn: Vector3;
  /** A disc of another colour, which the mask calls an occluder. */
  readonly disc?: { readonly x: number; readonly y: number; readonly radius: number; readonly colour: string };
  /** 3 colours × 9, as the network gives it; from above without it. */
  readonly light?: readonly number[];
  /** The crop's turn, radians. */
  readonly angle?: number;
}

/** A vertex of the face as it should be seen. */
export interface LitPoint {
  /** Frame pixels. */
  readonly x: number;
  readonly y: number;
  /** Red, green, blue, 0 to 255, of the surface alone. */
  readonly colour: readonly [number, number, number];
}

const WIDTH = 640;
const HEIGHT = 480;
const SIDE = 320;
const CELLS = 96;
const NONE = new Uint8Array(CELLS * CELLS);

/** Work since the page was opened. */
export interface StageWork {
  /** Drawings of the stage. */
  readonly drawings: number;
  /** OffscreenCanvases that the stage has created, and pictures that it has drawn on such. */
  readonly canvases: number;
  readonly copies: number;
  /** `index` of the frames that the stage reported as drawn. */
  readonly drawn: readonly number[];
}

const work = { drawings: 0, canvases: 0, copies: 0, drawn: [] as number[] };
/** The double's own pictures are not counted. */
const OwnCanvas = OffscreenCanvas;
window.OffscreenCanvas = class extends OwnCanvas {
  constructor(width: number, height: number) {
    super(width, height);
    work.canvases += 1;
  }
};
const { drawImage } = OffscreenCanvasRenderingContext2D.prototype;
OffscreenCanvasRenderingContext2D.prototype.drawImage = function (...given: unknown[]) {
  work.copies += 1;
  Reflect.apply(drawImage, this, given);
};

let stage: Stage | undefined;
let model: FaceModel | undefined;

const door = {
  async open(engine: 'webgl' | 'webgpu', modelUrl: string): Promise<string> {
    stage?.dispose();
    model = parseFaceModel(await (await fetch(modelUrl)).arrayBuffer());
    stage = await createStage(freshCanvas(), { engine, onDrawn: ({ frame }) => void work.drawn.push(frame.index) });
    EngineStore.LastCreatedEngine?.onBeginFrameObservable.add(() => {
      work.drawings += 1;
    });
    stage.setModel(model);
    return stage.engine;
  },

  set(options: Partial<StageOptions>): void {
    stage?.setOptions(options);
  },

  /** Shows a frame, closes it at once, and answers with the face's 68 points in frame pixels. */
  async show(wanted: DoubleFrame): Promise<number[]> {
    const { tracked, points } = await trackedFrame(wanted);
    stage?.showFrame(tracked);
    tracked.frame.image.close();
    return points;
  },

  work: (): StageWork => structuredClone(work),

  surroundsFaces: (): boolean => stage?.surroundsFaces ?? false,

  /** Shows frames of these indices and changes options as often, all in one task; waits for the drawing. */
  async showAtOnce(wanted: DoubleFrame, indices: readonly number[]): Promise<void> {
    const { tracked } = await trackedFrame(wanted);
    for (const index of indices) {
      stage?.showFrame({ ...tracked, frame: { ...tracked.frame, index } });
      stage?.setOptions({ light: 1 });
    }
    tracked.frame.image.close();
    for (let i = 0; i < 3; i++) await new Promise((done) => requestAnimationFrame(done));
  },

  /** The vertices nearest to points of MediaPipe's mesh, with the colour that the formula of the light gives them. */
  litPoints(wanted: DoubleFrame, meshPoints: readonly number[]): LitPoint[] {
    return model ? meshPoints.map((point) => litPoint(model as FaceModel, madeFace(wanted), point)) : [];
  },

  /** The canvas as PNG in base64, when all shaders are compiled. */
  async picture(): Promise<string> {
    while (stage && !stage.isReady()) await new Promise((done) => requestAnimationFrame(done));
    const blob = await stage?.screenshot();
    const bytes = new Uint8Array((await blob?.arrayBuffer()) ?? []);
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  },

  /** Opens and disposes stages, twice each; a browser holds 16 contexts at most. */
  async openAndDispose(times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      const next = await createStage(freshCanvas(), { engine: 'webgl' });
      if (model) next.setModel(model);
      const { tracked } = await trackedFrame({ colour: '#333', centre: [320, 240], turn: [0, 0, 0] });
      next.showFrame(tracked);
      await new Promise((done) => requestAnimationFrame(done));
      next.dispose();
      next.dispose();
      next.showFrame(tracked);
      next.setOptions({ look: 'none' });
      tracked.frame.image.close();
    }
  },
};

export type Door = typeof door;
declare global {
  interface Window {
    stageDouble?: Door;
  }
}
window.stageDouble = door;

function freshCanvas(): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.style.cssText = `display: block; width: ${WIDTH}px; height: ${HEIGHT}px`;
  document.body.replaceChildren(canvas);
  return canvas;
}

async function trackedFrame(wanted: DoubleFrame): Promise<{ tracked: TrackedFrame; points: number[] }> {
  const image = await drawPicture(wanted);
  const face = madeFace(wanted);
  const frame = { image, time: 0, index: 0, width: image.width, height: image.height, source: 'double' };
  const timings = { pixels: 0, detect: 0, crop: 0, focus: 0, decode: 0, smooth: 0, total: 0 };
  return { tracked: { frame, faces: [face], timings, provider: 'wasm' }, points: landmarks(face) };
}

function drawPicture({ colour, disc, size: [width, height] = [WIDTH, HEIGHT] }: DoubleFrame): Promise<ImageBitmap> {
  const canvas = new OwnCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2d context');
  context.fillStyle = colour;
  context.fillRect(0, 0, width, height);
  if (disc) {
    context.fillStyle = disc.colour;
    context.beginPath();
    context.arc(disc.x, disc.y, disc.radius, 0, 2 * Math.PI);
    context.fill();
  }
  return createImageBitmap(canvas);
}

/** A neutral face under a light from above; only what a stage looks at. */
function madeFace({ centre, turn, disc, light: given, angle = 0 }: DoubleFrame): Face {
  const camera: CropCamera = { rotation: exponential(turn), centre, scale: 1.3, distance: 800 };
  const occluder = new Uint8Array(CELLS * CELLS);
  for (let i = 0; disc && i < occluder.length; i++) {
    const x = centre[0] + SIDE * (((i % CELLS) + 0.5) / CELLS - 0.5);
    const y = centre[1] + SIDE * ((Math.floor(i / CELLS) + 0.5) / CELLS - 0.5);
    if (Math.hypot(x - disc.x, y - disc.y) < disc.radius) occluder[i] = 255;
  }
  const light = new Float32Array(27);
  for (let colour = 0; colour < 3; colour++) light.set([0.4, 0.5, 0.8], 9 * colour);
  if (given) light.set(given);
  return faceOf({
    id: 1,
    state: 'tracked',
    presence: 1,
    pose: { rotation: camera.rotation, translation: [0, 0, -400] },
    camera,
    coefficients: {
      identity: new Float32Array(80),
      expression: new Float32Array(52),
      albedo: new Float32Array(10),
      light,
    },
    landmarks68: new Float32Array(2 * 68),
    landmarks478: new Float32Array(3 * 478),
    mask: { width: CELLS, height: CELLS, extent: 1, occluder, skin: NONE, own: NONE },
    crop: { centreX: centre[0], centreY: centre[1], side: SIDE, angle },
  } as unknown as FaceData);
}

function landmarks({ camera }: Face): number[] {
  if (!model) return [];
  const { landmarks68, origin, mean } = model;
  const vertices = modelVertices(model, new Float32Array(80), new Float32Array(52), new Float32Array(mean.length));
  const points = Float32Array.from(
    { length: 3 * 68 },
    (_, i) => vertices[3 * (landmarks68[Math.floor(i / 3)] ?? 0) + (i % 3)] ?? 0,
  );
  return [...projectPoints(camera, origin, points, new Float32Array(2 * 68))];
}

/** The base on the constant term and the gamma are those of every bundle's manifest. */
function litPoint(
  face: FaceModel,
  { camera, crop, coefficients: { identity, expression, albedo, light } }: Face,
  meshPoint: number,
): LitPoint {
  const { origin, mean, mediapipeTriangles, mediapipeBarycentric } = face;
  const weights = [...mediapipeBarycentric.subarray(3 * meshPoint, 3 * meshPoint + 3)];
  const vertex = mediapipeTriangles[3 * meshPoint + weights.indexOf(Math.max(...weights))] ?? 0;
  const of = (values: Float32Array): Vector3 => [...values.subarray(3 * vertex, 3 * vertex + 3)] as unknown as Vector3;
  const vertices = modelVertices(face, identity, expression, new Float32Array(mean.length));
  const [nx, ny, nz] = of(vertexNormals(face, vertices, new Float32Array(mean.length)));
  const [a, b, c, d, e, f, g, h, i] = toMatrix(camera.rotation);
  const [x, y, z] = [a * nx + b * ny + c * nz, d * nx + e * ny + f * nz, g * nx + h * ny + i * nz];
  const [cos, sin] = [Math.cos(crop.angle), Math.sin(crop.angle)];
  const basis = sh9(cos * x - sin * y, sin * x + cos * y, z, new Float32Array(9));
  const colour = of(modelAlbedo(face, albedo, new Float32Array(mean.length))).map((own, channel) => {
    const sum = basis.reduce((all, value, k) => all + value * ((light[9 * channel + k] ?? 0) + (k === 0 ? 3.2 : 0)), 0);
    return 255 * Math.max(0, own * sum) ** (1 / 2.2);
  });
  const [px = 0, py = 0] = projectPoints(camera, origin, Float32Array.from(of(vertices)), new Float32Array(2));
  return { x: px, y: py, colour: colour as unknown as Vector3 };
}
