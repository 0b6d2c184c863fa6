/** Runs in the page of compositor.test.ts: the compositor on pictures with exact truth, by rough masks of that truth. */
import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial';
import { Color3, Color4 } from '@babylonjs/core/Maths/math.color';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder';
import type { Mesh } from '@babylonjs/core/Meshes/mesh';
import { type MaskProbe, openMaskProbe } from '../../bench/mask/mask-probe';
import { countMask, flicker, type MaskCounts, type MaskFigures, maskFigures } from '../../bench/mask/measure';
import { createRoughMasks } from '../../bench/mask/rough';
import { createTruthClip, type TruthFrame } from '../../bench/truth/clip';
import { handOver } from '../../bench/truth/scripts';
import { type FaceModel, parseFaceModel } from '../../src/face/face-model';
import { exponential } from '../../src/face/rotation';
import type { Crop, Face, FaceMask } from '../../src/face/types';
import { openEngine } from '../../src/render/engine/engine';
import { DepthOccluder } from '../../src/render/filter/depth-occluder';
import { FaceSpace } from '../../src/render/filter/face-space';
import { FaceUploads } from '../../src/render/filter/face-uploads';
import { FaceShape } from '../../src/render/mesh/face-shape';
import { MaskPass } from '../../src/render/occluder/mask-pass';
import { createPlacement, depthRangeOf } from '../../src/render/view/placement';
import { fitFrame } from '../../src/render/view/view';

export interface CompositorFigures extends MaskFigures {
  /** Of 255; 0 for a clip that moves. */
  readonly flicker: number;
}

type Engine = 'webgl' | 'webgpu';

const WIDTH = 640;
const HEIGHT = 480;
/** Into the script of a hand that covers the mouth: it has come and lies there. */
const LIES = 1.3;

let model: FaceModel;
/** What was drawn for `measure`, to be compared between engines. */
const drawn = new Map<string, Uint8Array>();

interface Shot {
  readonly picture: ImageData;
  readonly truth: Uint8Array;
  readonly region: Uint8Array;
  readonly face: Face;
}

const door = {
  async load(modelUrl: string): Promise<void> {
    model = parseFaceModel(await (await fetch(modelUrl)).arrayBuffer());
  },

  /** A hand over a rendered face, moving or still but for the sensor's noise. The first frame only settles. */
  async measure(engine: Engine, sharpen: boolean, still: boolean, frames: number): Promise<CompositorFigures> {
    const counts: MaskCounts[] = [];
    const changes: number[] = [];
    await withProbe(engine, sharpen, async (probe) => {
      let before: Uint8Array | undefined;
      for (const { picture, truth, region, face } of shots(still, frames)) {
        const mask = await probe.draw(picture, face, face.mask);
        if (before) {
          counts.push(countMask(mask, truth, region, WIDTH));
          changes.push(flicker(before, mask, truth, region, WIDTH));
        }
        before = mask;
      }
      if (before) drawn.set(`${engine} ${sharpen}`, before);
    });
    const sum = changes.reduce((total, change) => total + change, 0);
    return { ...maskFigures(counts), flicker: still ? sum / changes.length : 0 };
  },

  /** Mean difference of the last masks of both engines (of 255), and the share of pixels that differ by more than 32. */
  difference(sharpen: boolean): { mean: number; far: number } {
    const a = drawn.get(`webgl ${sharpen}`);
    const b = drawn.get(`webgpu ${sharpen}`);
    if (!a || !b) throw new Error('measure with both engines first');
    const off = a.map((value, i) => Math.abs(value - (b[i] ?? 0)));
    return {
      mean: off.reduce((sum, value) => sum + value, 0) / off.length,
      far: off.filter((value) => value > 32).length / off.length,
    };
  },

  /** On a picture of one colour with noise: intersection over union of the sharpened mask and the unsharpened one. */
  async onPlain(engine: Engine, grey: number, noise: number): Promise<number> {
    const [shot] = [...shots(true, 1)];
    if (!shot) throw new Error('no picture');
    const random = lcg();
    const data = shot.picture.data.map((_, i) =>
      i % 4 === 3 ? 255 : grey + noise * (random() + random() + random() - 1.5),
    );
    const picture = new ImageData(data, WIDTH, HEIGHT);
    const draw = (sharpen: boolean) => {
      let mask = new Uint8Array();
      return withProbe(engine, sharpen, async (probe) => {
        mask = Uint8Array.from(await probe.draw(picture, shot.face, shot.face.mask));
      }).then(() => mask);
    };
    const coarse = await draw(false);
    return maskFigures([countMask(await draw(true), coarse, shot.region, WIDTH)]).iou;
  },

  /**
   * How much is drawn, of 255, along rows of the mask's square, for a mask that says 1 everywhere: outside, at the border,
   * inside. `extent`: sides of the crop.
   */
  async atBorder(engine: Engine, extent: number): Promise<readonly [number, number, number]> {
    const [shot] = [...shots(true, 1)];
    if (!shot) throw new Error('no picture');
    const size = extent * shot.face.mask.width;
    const none = new Uint8Array(size * size);
    const full = { width: size, height: size, extent, occluder: none.map(() => 255), skin: none, own: none };
    const { centreX, centreY } = shot.face.crop;
    const side = extent * shot.face.crop.side;
    let row: [number, number, number] = [0, 0, 0];
    await withProbe(engine, true, async (probe) => {
      const mask = await probe.draw(shot.picture, shot.face, full);
      const at = (share: number) =>
        mask[Math.round(centreY) * WIDTH + Math.round(centreX - side / 2 + share * side)] ?? 0;
      row = [at(-0.02), at(0.02), at(0.06)];
    });
    return row;
  },

  /**
   * Pixels of a square 60 mm wide that are seen, the head turned by radians: inside of the head without and with its
   * depth, below the crown where only the skull's cap is, and before the face.
   */
  async hiddenByHead(engine: Engine, turn: number): Promise<Record<'open' | 'behind' | 'crown' | 'front', number>> {
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width: WIDTH, height: HEIGHT });
    const opened = await openEngine(canvas, engine);
    opened.engine.setSize(WIDTH, HEIGHT);
    try {
      const uploads = new FaceUploads(opened.engine, model);
      const space = new FaceSpace(opened.engine, uploads);
      const size = { width: WIDTH, height: HEIGHT };
      const placement = createPlacement(fitFrame(size, size, 'contain', false), size, depthRangeOf(opened.engine));
      const shape = new FaceShape(model);
      const face = poseFace(turn);
      shape.setCoefficients(face.coefficients, false);
      const depth = new DepthOccluder(space);
      const square = whiteSquare(space);
      const seen = async (at: readonly [number, number, number], hides: boolean) => {
        square.position.set(...at);
        uploads.uploadFace(face, shape);
        space.setFace(face, shape, placement);
        if (hides) depth.showDepth();
        else depth.hideDepth();
        return countWhite(opened.engine, canvas, space);
      };
      return {
        open: await seen([0, 0, -40], false),
        behind: await seen([0, 0, -40], true),
        crown: await seen([0, 60, -40], true),
        front: await seen([0, 0, 165], true),
      };
    } finally {
      opened.engine.dispose();
    }
  },

  /** Draws one picture and then, without anything new, again: whether both are the same. */
  async drawnAgain(engine: Engine): Promise<boolean> {
    const all = [...shots(true, 2)];
    let same = false;
    await withProbe(engine, true, async (probe) => {
      for (const { picture, face } of all) await probe.draw(picture, face, face.mask);
      const first = probe.drawAgain();
      const second = probe.drawAgain();
      same = first.every((value, i) => value === second[i]) && first.some((value) => value > 0);
    });
    return same;
  },

  /**
   * Masks of one picture: as the network gives it, and what is drawn where the sharpening cannot be: while its shaders
   * compile, once they have, and on a device without half floats.
   */
  async unready(engine: Engine): Promise<Record<'asItIs' | 'compiling' | 'compiled' | 'noHalfFloats', string>> {
    const [shot] = [...shots(true, 1)];
    if (!shot) throw new Error('no picture');
    const draw = (sharpen: boolean) => drawnBy(engine, sharpen, shot);
    const { isReady } = MaskPass.prototype;
    let compiling = '';
    let compiled = '';
    await withProbe(engine, true, async (probe) => {
      MaskPass.prototype.isReady = () => false;
      const done = probe.draw(shot.picture, shot.face, shot.face.mask);
      for (let i = 0; i < 5; i++) await new Promise(requestAnimationFrame);
      compiling = text(probe.drawAgain());
      MaskPass.prototype.isReady = isReady;
      await done;
      compiled = text(probe.drawAgain());
    });
    const context: { getExtension(name: string): unknown } = WebGL2RenderingContext.prototype;
    const { getExtension } = context;
    context.getExtension = function (name) {
      return /color_buffer/i.test(name) ? null : getExtension.call(this, name);
    };
    const noHalfFloats = await draw(true).finally(() => {
      context.getExtension = getExtension;
    });
    return { asItIs: await draw(false), compiling, compiled, noHalfFloats };
  },

  /** What is said, and drawn, when the shader whose source holds a word does not compile. */
  async broken(engine: Engine, word: string): Promise<{ readonly said: string; readonly drawn: string }> {
    const [shot] = [...shots(true, 1)];
    if (!shot) throw new Error('no picture');
    const plant = (source: string, fault: string) => (source.includes(word) ? `${source}\n${fault}` : source);
    const { shaderSource } = WebGL2RenderingContext.prototype;
    WebGL2RenderingContext.prototype.shaderSource = function (shader, source) {
      shaderSource.call(this, shader, plant(source, 'planted fault'));
    };
    const { createShaderModule } = GPUDevice.prototype;
    GPUDevice.prototype.createShaderModule = function (wanted) {
      const code = plant(wanted.code, 'fn fault() -> f32 { return planted; }');
      return createShaderModule.call(this, { ...wanted, code });
    };
    const result = { said: '', drawn: '' };
    await withProbe(engine, true, async (probe) => {
      await probe.draw(shot.picture, shot.face, shot.face.mask).catch((error: Error) => {
        result.said = error.message;
      });
      result.drawn = text(probe.drawAgain());
    }).finally(() => {
      WebGL2RenderingContext.prototype.shaderSource = shaderSource;
      GPUDevice.prototype.createShaderModule = createShaderModule;
    });
    return result;
  },
};

export type CompositorDoor = typeof door;
declare global {
  interface Window {
    compositorDouble?: CompositorDoor;
  }
}
window.compositorDouble = door;

async function drawnBy(engine: Engine, sharpen: boolean, { picture, face }: Shot): Promise<string> {
  let drawn = '';
  await withProbe(engine, sharpen, async (probe) => {
    drawn = text(await probe.draw(picture, face, face.mask));
  });
  return drawn;
}

/** A mask to be compared with another outside of the page. */
function text(mask: Uint8Array): string {
  return Array.from(mask, (value) => String.fromCharCode(value)).join('');
}

async function withProbe(engine: Engine, sharpen: boolean, use: (probe: MaskProbe) => Promise<void>): Promise<void> {
  const probe = await openMaskProbe(engine, { width: WIDTH, height: HEIGHT }, sharpen);
  try {
    await use(probe);
  } finally {
    probe.dispose();
  }
}

function* shots(still: boolean, frames: number): Generator<Shot> {
  const script = handOver('mouth', 3, 4);
  const seen = { ...script, sceneAt: (time: number) => script.sceneAt(LIES + (still ? 0 : time)) };
  const settings = { width: WIDTH, height: HEIGHT, framesPerSecond: 25, seed: 3, noise: 3 };
  const clip = createTruthClip(model, seen, settings);
  const rough = createRoughMasks(9);
  const random = lcg();
  for (let i = 0; i < frames; i++) {
    const frame = clip.next();
    const own = frame?.faces[0];
    if (!frame || !own) return;
    // A tracked crop trembles, also where nothing moves.
    const crop = trembling(cropOf(own.landmarks478), random);
    const mask = rough(own.occluder, WIDTH, HEIGHT, crop, frame.time);
    const { data } = frame.picture;
    yield {
      picture: new ImageData(data, WIDTH, HEIGHT),
      truth: own.occluder,
      region: region(own),
      face: madeFace(crop, mask),
    };
  }
}

/** Where the head is, and a little way off its outline, which is also the truth's. */
function region({ head }: TruthFrame['faces'][number]): Uint8Array {
  const reach = 4;
  return head.map((_, i) => {
    const around = [-reach, reach, -reach * WIDTH, reach * WIDTH];
    return around.every((step) => (head[i + step] ?? 0) > 127) ? 1 : 0;
  });
}

function cropOf(points: Float32Array): Crop {
  const of = (axis: number) => points.filter((_, i) => i % 2 === axis);
  const [xs, ys] = [of(0), of(1)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const side = 1.5 * Math.max(right - left, bottom - top);
  return { centreX: (left + right) / 2, centreY: (top + bottom) / 2, side, angle: 0.05 };
}

function trembling(crop: Crop, random: () => number): Crop {
  const off = () => 1.2 * (random() - 0.5);
  return {
    centreX: crop.centreX + off(),
    centreY: crop.centreY + off(),
    side: crop.side + off(),
    angle: crop.angle + off() / 200,
  };
}

function lcg(): () => number {
  let state = 7;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

function whiteSquare({ scene, root }: FaceSpace): Mesh {
  const square = CreateBox('square', { width: 60, height: 60, depth: 0.5 }, scene);
  const white = new StandardMaterial('white', scene);
  white.emissiveColor = Color3.White();
  white.disableLighting = true;
  square.material = white;
  square.parent = root;
  return square;
}

/** Draws the space on black, again until everything is compiled. */
async function countWhite(engine: AbstractEngine, canvas: HTMLCanvasElement, space: FaceSpace): Promise<number> {
  const context = new OffscreenCanvas(WIDTH, HEIGHT).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no 2d context');
  const render = () => {
    engine.beginFrame();
    engine.clear(new Color4(0, 0, 0, 1), true, true);
    space.render();
    engine.endFrame();
    context.drawImage(canvas, 0, 0);
  };
  render();
  while (!space.isReady()) await new Promise(requestAnimationFrame);
  render();
  const { data } = context.getImageData(0, 0, WIDTH, HEIGHT);
  return data.filter((value, i) => i % 4 === 0 && value > 128).length;
}

function poseFace(turn: number): Face {
  const camera = { rotation: exponential([0, turn, 0]), centre: [320, 240], scale: 1.3, distance: 800 };
  const coefficients = {
    identity: new Float32Array(80),
    expression: new Float32Array(52),
    albedo: new Float32Array(10),
    light: new Float32Array(27),
  };
  const crop = { centreX: 320, centreY: 240, side: 320, angle: 0 };
  const pose = { rotation: camera.rotation, translation: [0, 0, -600] };
  const cells = new Uint8Array(96 * 96);
  const mask = { width: 96, height: 96, extent: 1, occluder: cells, skin: cells, own: cells };
  return { id: 1, state: 'tracked', camera, pose, coefficients, crop, mask } as unknown as Face;
}

/** Only what the occluder's drawing looks at. */
function madeFace(crop: Crop, mask: FaceMask): Face {
  return { id: 1, state: 'tracked', crop, mask } as unknown as Face;
}
