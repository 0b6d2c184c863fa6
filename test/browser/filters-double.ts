/** Runs in the page of filters.test.ts: filters on a stage that is fed with a drawn picture and a face of known numbers. */
import { EngineStore } from '@babylonjs/core/Engines/engineStore';
import { Observable } from '@babylonjs/core/Misc/observable';
import type { Scene } from '@babylonjs/core/scene';
import { viewExpression } from '../../src/face/expression';
import { type FaceModel, parseFaceModel } from '../../src/face/face-model';
import { exponential } from '../../src/face/rotation';
import { EXPRESSION_NAMES, type Face, REGIONS, type TrackedFrame, type Vector3 } from '../../src/face/types';
import { filterNames, loadFilter } from '../../src/filters/index';
import type { Filter, FilterNotice } from '../../src/render/filter/host';
import { createStage, type Stage } from '../../src/render/stage';
import { BROKEN } from './filters-broken';
import { wearsModel, wearsParts } from './filters-model';
import { allScenes, settled } from './filters-waiting';

export interface FilterScene {
  /** Rotation vector, radians. */
  readonly turn?: Vector3;
  readonly jawOpen?: number;
  /** Frame pixels a millimetre. */
  readonly scale?: number;
  /** What is drawn over the picture and masked: nothing without it. */
  readonly thing?: 'mug' | 'book';
  /** How far the thing is moved, frame pixels. */
  readonly moved?: readonly [number, number];
  readonly time?: number;
  /** How much more light comes from the picture's right than from its left; 0 without it. */
  readonly sideLight?: number;
  /** Faces side by side, 60 pixels from one to the next; one without it. */
  readonly faces?: number;
}

/** Size in CSS pixels. */
export interface FilterCanvas {
  readonly width: number;
  readonly height: number;
  readonly engine?: 'webgl' | 'webgpu';
}

const MADE: Readonly<Record<string, Filter>> = {
  ...BROKEN,
  [wearsModel.name]: wearsModel,
  [wearsParts.name]: wearsParts,
};
const WIDTH = 320;
const HEIGHT = 240;
const SIDE = 190;
const CELLS = 96;
const NONE = new Uint8Array(CELLS * CELLS);
const CENTRE = [160, 120] as const;

let stage: Stage | undefined;
let model: FaceModel | undefined;
let notices: FilterNotice[] = [];
let running: readonly string[] = [];
/** Files have come, but what they hold is not there yet: models are read by modules that load first. */
let loading = false;

const events = {
  onNotice: (notice: FilterNotice) => void notices.push(notice),
  onProgress: (progress: object | null) => {
    loading = progress !== null;
  },
  onRunning: (names: readonly string[]) => {
    running = names;
  },
};

const door = {
  async open(modelUrl: string, { width, height, engine = 'webgl' }: FilterCanvas): Promise<void> {
    stage?.dispose();
    model = parseFaceModel(await (await fetch(modelUrl)).arrayBuffer());
    const canvas = document.createElement('canvas');
    document.body.replaceChildren(canvas);
    canvas.style.cssText = `display: block; width: ${width}px; height: ${height}px`;
    stage = await createStage(canvas, { engine, filters: events });
    stage.setModel(model);
    stage.setOptions({ look: 'none', mirror: false });
  },

  names: (): readonly string[] => [...filterNames(), 'template'],

  /** Switches to these filters, the project's or those made for the tests. */
  async choose(names: readonly string[]): Promise<void> {
    notices = [];
    const found: Filter[] = [];
    for (const name of names) found.push(MADE[name] ?? (await loadFilter(name)));
    stage?.setFilters(found);
  },

  set: (options: Parameters<Stage['setOptions']>[0]): void => stage?.setOptions(options),

  async show(scene: FilterScene): Promise<void> {
    stage?.showFrame(await trackedFrame(scene));
    await nextDrawing();
  },

  /** Shows so many frames of a small face, with nothing in front, that nods, turns and speaks, and goes out of sight in between. */
  async run(frames: number): Promise<void> {
    stage?.setOptions({ occlusion: false });
    for (let i = 0; i < frames; i++) {
      const phase = i / 9;
      const tracked = await trackedFrame({
        turn: [0.2 * Math.sin(phase), 0.5 * Math.sin(phase / 2), 0.1],
        jawOpen: Math.max(0, Math.sin(phase)),
        scale: 0.1,
        time: i / 25,
      });
      stage?.showFrame(i % 50 === 49 ? { ...tracked, faces: [] } : tracked);
      await nextDrawing();
    }
    stage?.setOptions({ occlusion: true });
  },

  /** Waits until these filters alone are on, have loaded their files and shaders and were drawn a while. */
  settle: (wanted: readonly string[]): Promise<void> =>
    settled(
      () => running.join() === wanted.join() && !loading,
      () => `${wanted.join()} did not settle: on are ${running.join()}`,
    ),

  said: (): { notices: FilterNotice[]; running: readonly string[] } => ({ notices, running }),

  /** The picture as RGBA in base64, drawn anew from what the stage kept. */
  async picture(): Promise<string> {
    const context = context2d(WIDTH, HEIGHT);
    stage?.setOptions({});
    await nextDrawing();
    if (stage) context.drawImage(stage.view.canvas, 0, 0, WIDTH, HEIGHT);
    return base64(context);
  },

  /** The frame alone, and the thing alone on nothing, RGBA in base64. */
  truth: (scene: FilterScene) => ({ frame: base64(drawn(scene)), thing: base64(thingOnly(scene)) }),

  counts,
};

export type FiltersDoor = typeof door;
declare global {
  interface Window {
    filtersDouble?: FiltersDoor;
  }
}
window.filtersDouble = door;

/** Resolves in the animation frame in which the stage draws, right after it: the canvas can still be read. */
function nextDrawing(): Promise<number> {
  return new Promise((done) => requestAnimationFrame(done));
}

/** Everything that a filter could leave behind, in Babylon's lists and on the graphics card. */
function counts(): Record<string, number> {
  const engine = EngineStore.LastCreatedEngine;
  const scenes = allScenes();
  const sum = (of: (scene: Scene) => number) => scenes.reduce((all, scene) => all + of(scene), 0);
  const observers = (thing: object) =>
    Object.values(thing).reduce((all, value) => all + (value instanceof Observable ? value.observers.length : 0), 0);
  return {
    scenes: scenes.length,
    meshes: sum(({ meshes }) => meshes.length),
    nodes: sum(({ transformNodes }) => transformNodes.length),
    materials: sum(({ materials }) => materials.length),
    textures: sum(({ textures }) => textures.length),
    lights: sum(({ lights }) => lights.length),
    observers: sum(observers) + (engine ? observers(engine) : 0),
    cached: engine?.getLoadedTexturesCache().length ?? 0,
    ...Object.fromEntries(Object.entries(onCard).map(([kind, alive]) => [kind, alive.size])),
  };
}

/** Objects of WebGL that were made and not deleted. */
const onCard = { glTextures: new Set<object>(), glBuffers: new Set<object>() };
watch('createTexture', 'deleteTexture', onCard.glTextures);
watch('createBuffer', 'deleteBuffer', onCard.glBuffers);

function watch(
  make: 'createTexture' | 'createBuffer',
  drop: 'deleteTexture' | 'deleteBuffer',
  alive: Set<object>,
): void {
  const context = WebGL2RenderingContext.prototype;
  const [made, dropped] = [context[make], context[drop]];
  context[make] = function (this: WebGL2RenderingContext) {
    const fresh = made.call(this);
    alive.add(fresh);
    return fresh;
  } as never;
  context[drop] = function (this: WebGL2RenderingContext, old: never) {
    if (old) alive.delete(old);
    dropped.call(this, old);
  };
}

/** Pictures by the thing in them. */
const pictures = new Map<string, ImageBitmap>();

async function trackedFrame(scene: FilterScene): Promise<TrackedFrame> {
  const key = `${scene.thing} ${scene.moved}`;
  const image = pictures.get(key) ?? (await createImageBitmap(drawn(scene).canvas));
  pictures.set(key, image);
  const frame = { image, time: scene.time ?? 0, index: 0, width: WIDTH, height: HEIGHT, source: 'double' };
  const timings = { pixels: 0, detect: 0, crop: 0, focus: 0, decode: 0, smooth: 0, total: 0 };
  const { faces: count = 1 } = scene;
  const faces = Array.from({ length: count }, (_, i) => madeFace(scene, i + 1, 60 * (i - (count - 1) / 2)));
  return { frame, faces, timings, provider: 'wasm' };
}

function base64(context: OffscreenCanvasRenderingContext2D): string {
  const { data } = context.getImageData(0, 0, WIDTH, HEIGHT);
  return btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(''));
}

function context2d(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no 2d context');
  return context;
}

/** A skin-coloured oval before a wall, and the thing. */
function drawn(scene: FilterScene): OffscreenCanvasRenderingContext2D {
  const context = context2d(WIDTH, HEIGHT);
  const [x, y] = CENTRE;
  context.fillStyle = '#8d948a';
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.fillStyle = '#c08a6c';
  context.beginPath();
  context.ellipse(x, y, 52, 70, 0, 0, 2 * Math.PI);
  context.fill();
  drawThing(context, scene);
  return context;
}

function thingOnly(scene: FilterScene): OffscreenCanvasRenderingContext2D {
  const context = context2d(WIDTH, HEIGHT);
  drawThing(context, scene);
  return context;
}

function drawThing(context: OffscreenCanvasRenderingContext2D, { thing, moved = [0, 0] }: FilterScene): void {
  context.translate(...moved);
  if (thing === 'mug') {
    context.strokeStyle = '#1b5fb4';
    context.fillStyle = '#1b5fb4';
    context.lineWidth = 9;
    context.beginPath();
    context.ellipse(206, 118, 17, 22, 0, 0, 2 * Math.PI);
    context.stroke();
    context.fillRect(142, 86, 60, 70);
  } else if (thing === 'book') {
    context.save();
    context.translate(140, 110);
    context.rotate(-0.25);
    for (const [i, colour] of ['#3a1f5c', '#e8e2d0', '#3a1f5c'].entries()) {
      context.fillStyle = colour;
      context.fillRect(-62, -34 + 24 * i, 100, 24.5);
    }
    context.restore();
  }
}

/** The network's mask of the thing: its share of each cell of the crop. */
function maskOf(scene: FilterScene): Uint8Array {
  if (!scene.thing) return new Uint8Array(CELLS * CELLS);
  const context = context2d(CELLS, CELLS);
  context.imageSmoothingQuality = 'high';
  context.drawImage(
    thingOnly(scene).canvas,
    CENTRE[0] - SIDE / 2,
    CENTRE[1] - SIDE / 2,
    SIDE,
    SIDE,
    0,
    0,
    CELLS,
    CELLS,
  );
  return Uint8Array.from(context.getImageData(0, 0, CELLS, CELLS).data.filter((_, i) => i % 4 === 3));
}

function madeFace(scene: FilterScene, id: number, aside: number): Face {
  const { turn = [0, 0, 0], jawOpen = 0, scale = 0.72, sideLight = 0 } = scene;
  const centre = [CENTRE[0] + aside, CENTRE[1]] as const;
  const camera = { rotation: exponential(turn), centre, scale, distance: 800 };
  const light = new Float32Array(27);
  for (let colour = 0; colour < 3; colour++) light.set([0.4, 0.5, 0.8, sideLight], 9 * colour);
  const expression = new Float32Array(EXPRESSION_NAMES.length);
  expression[EXPRESSION_NAMES.indexOf('jawOpen')] = jawOpen;
  return {
    id,
    state: 'tracked',
    presence: 1,
    pose: { rotation: camera.rotation, translation: [0, 0, -500] },
    camera,
    coefficients: { identity: new Float32Array(80), expression, albedo: new Float32Array(10), light },
    landmarks68: new Float32Array(2 * 68),
    landmarks478: new Float32Array(3 * 478),
    visibility: Object.fromEntries(REGIONS.map((region) => [region, 1])),
    mask: { width: CELLS, height: CELLS, extent: 1, occluder: maskOf(scene), skin: NONE, own: NONE },
    crop: { centreX: centre[0], centreY: centre[1], side: SIDE, angle: 0 },
    expressionValues: expression,
    restingFace: null,
    expression: viewExpression(expression),
  } as unknown as Face;
}
