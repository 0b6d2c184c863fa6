/** Runs in the page of compositor.test.ts: the compositor on pictures with exact truth, by rough masks of that truth. */
import { countMask, flicker, type MaskCounts, type MaskFigures, maskFigures } from '../../src/app/bench/mask-measure';
import { createRoughMasks } from '../../src/app/bench/mask-rough';
import { createTruthClip, type TruthFrame } from '../../src/app/truth/clip';
import { handOver } from '../../src/app/truth/scripts';
import { type FaceModel, parseFaceModel } from '../../src/face/face-model';
import type { Crop, Face, FaceMask } from '../../src/face/types';
import { type MaskProbe, openMaskProbe } from '../../src/render/mask-probe';

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

  /** How much is drawn, of 255, along rows of the crop, for a mask that says 1 everywhere: outside, at the border, inside. */
  async atBorder(engine: Engine): Promise<readonly [number, number, number]> {
    const [shot] = [...shots(true, 1)];
    if (!shot) throw new Error('no picture');
    const full = { ...shot.face.mask, occluder: shot.face.mask.occluder.map(() => 255) };
    const { centreX, centreY, side } = shot.face.crop;
    let row: [number, number, number] = [0, 0, 0];
    await withProbe(engine, true, async (probe) => {
      const mask = await probe.draw(shot.picture, shot.face, full);
      const at = (share: number) =>
        mask[Math.round(centreY) * WIDTH + Math.round(centreX - side / 2 + share * side)] ?? 0;
      row = [at(-0.02), at(0.02), at(0.06)];
    });
    return row;
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
};

export type CompositorDoor = typeof door;
declare global {
  interface Window {
    compositorDouble?: CompositorDoor;
  }
}
window.compositorDouble = door;

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

/** Only what the occluder's drawing looks at. */
function madeFace(crop: Crop, mask: FaceMask): Face {
  return { id: 1, state: 'tracked', crop, mask } as unknown as Face;
}
