import { at } from '../../src/face/at';
import type { FaceModel } from '../../src/face/face-model';
import { type Lens, lensOfFrame } from '../../src/face/projection';
import type { Seconds } from '../../src/face/types';
import { sampleClipFrames } from '../../src/index';
import { clearCanvas, createCanvas, drawSurface } from '../truth/canvas';
import { createTruthClip } from '../truth/clip';
import { litSurface } from '../truth/head';
import { placed } from '../truth/mesh';
import { randomLight } from '../truth/people';
import { contactShadow, coverage, createSensor, type Picture } from '../truth/picture';
import { fastTurn, speech } from '../truth/scripts';
import { movingObject, type ObjectName } from './objects';

export const WIDTH = 640;
export const HEIGHT = 480;

/** A picture with an object in front of a person, and the object's exact mask. */
export interface MaskFrame {
  readonly picture: Picture;
  /** Per pixel × 255. */
  readonly truth: Uint8Array;
  readonly time: Seconds;
}

export interface MaskClip {
  readonly name: string;
  readonly behind: 'sample' | 'speech' | 'turn';
  readonly object: ObjectName;
  /** A static scene: frames differ only by sensor noise. */
  readonly still?: boolean;
  /** Light of the picture, 1 as it is. */
  readonly light?: number;
  /** Standard deviation of the sensor's noise in steps of 255. */
  readonly noise: number;
}

export const MASK_CLIPS: readonly MaskClip[] = [
  { name: 'sample, hand', behind: 'sample', object: 'hand', noise: 2 },
  { name: 'sample, mug', behind: 'sample', object: 'mug', noise: 2 },
  { name: 'sample, book', behind: 'sample', object: 'book', noise: 2 },
  { name: 'rendered talk, hand', behind: 'speech', object: 'hand', noise: 2 },
  { name: 'rendered talk, mug', behind: 'speech', object: 'mug', noise: 2 },
  { name: 'rendered turn, hand', behind: 'turn', object: 'hand', noise: 2 },
  { name: 'sample in the dark, hand', behind: 'sample', object: 'hand', light: 0.03, noise: 3 },
  { name: 'still sample, hand', behind: 'sample', object: 'hand', still: true, noise: 3 },
  { name: 'still rendered, mug', behind: 'speech', object: 'mug', still: true, noise: 3 },
];

const FRAME_TIME = 1 / 25;
/** A time at which the object covers much of the face, seconds. */
const STILL_AT = 0.9;
/** Where the mouth is, mm at the things' distance. */
const MOUTH = { sample: [5, -62], speech: [2, -40], turn: [2, -40] } as const;
/** Frames of the sample clip left out at its start. */
const SKIPPED = 25;

/** `count` frames of a clip, in order. */
export async function* maskFrames(clip: MaskClip, model: FaceModel, count: number): AsyncGenerator<MaskFrame> {
  const paster = createPaster(clip);
  if (clip.still) {
    const behind = await firstOf(backgrounds(clip, model));
    for (let i = 0; i < count; i++) yield paster.paste(behind, STILL_AT, i * FRAME_TIME);
    return;
  }
  let index = 0;
  for await (const behind of backgrounds(clip, model)) {
    if (index >= count) return;
    yield paster.paste(behind, index * FRAME_TIME, index * FRAME_TIME);
    index += 1;
  }
}

async function firstOf<T>(values: AsyncIterable<T>): Promise<T> {
  for await (const value of values) return value;
  throw new Error('There is no frame.');
}

/** Linear RGB, without anything in front. */
async function* backgrounds({ behind }: MaskClip, model: FaceModel): AsyncGenerator<Float32Array> {
  if (behind === 'sample') yield* sampleBackgrounds();
  else {
    const script = behind === 'turn' ? fastTurn() : speech();
    const settings = { width: WIDTH, height: HEIGHT, framesPerSecond: 25, seed: behind === 'turn' ? 5 : 3, noise: 0 };
    const clip = createTruthClip(model, script, settings);
    for (let frame = clip.next(); frame; frame = clip.next()) yield linear(frame.picture.data);
  }
}

async function* sampleBackgrounds(): AsyncGenerator<Float32Array> {
  const context = new OffscreenCanvas(WIDTH, HEIGHT).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser has no 2D canvas');
  context.imageSmoothingQuality = 'high';
  for await (const { image, index } of sampleClipFrames()) {
    if (index >= SKIPPED) context.drawImage(image, 0, 0, WIDTH, HEIGHT);
    image.close();
    if (index >= SKIPPED) yield linear(context.getImageData(0, 0, WIDTH, HEIGHT).data);
  }
}

const LINEAR = Float32Array.from({ length: 256 }, (_, i) => (i / 255) ** 2.2);

function linear(rgba: Uint8ClampedArray): Float32Array {
  const out = new Float32Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    for (let k = 0; k < 3; k++) out[to++] = at(LINEAR, at(rgba, from + k));
  }
  return out;
}

/** Draws the clip's object over pictures. */
function createPaster(clip: MaskClip) {
  const canvas = createCanvas(WIDTH, HEIGHT);
  const lens: Lens = lensOfFrame(WIDTH, HEIGHT, (63 * Math.PI) / 180);
  const object = movingObject(clip.object, MOUTH[clip.behind]);
  const light = randomLight(11);
  const sensor = createSensor(4, clip.noise);
  return {
    paste(behind: Float32Array, moment: Seconds, time: Seconds): MaskFrame {
      clearCanvas(canvas);
      const mesh = { ...object.mesh, positions: placed(object.mesh.positions, object.poseAt(moment)) };
      drawSurface(canvas, lens, litSurface(mesh, object.albedo, light, 1));
      const truth = coverage(canvas, (label) => label === 1);
      const shadow = contactShadow(truth, WIDTH, HEIGHT, 9);
      const dim = clip.light ?? 1;
      const shaded = behind.map((value, i) => value * dim * (1 - at(shadow, Math.floor(i / 3))));
      if (dim !== 1)
        canvas.colour.forEach((value, i) => {
          canvas.colour[i] = value * dim;
        });
      const none = new Float32Array(WIDTH * HEIGHT);
      return { picture: sensor.expose(canvas, shaded, none, 0), truth, time };
    },
  };
}
