import type { FaceModel } from '../../src/face/face-model';
import { type Lens, lensOfFrame } from '../../src/face/projection';
import type { Seconds } from '../../src/face/types';
import { backdrop } from './backdrop';
import { contactShadow, coverage, createSensor, type Picture } from './picture';
import { BODY, createSceneSetup, drawScene, HAND, type Scene } from './scene';
import { type TruthFace, truthOf } from './truth-face';

export type { Scene } from './scene';
export { pinhole, type TruthFace } from './truth-face';

/** The script of a clip: poses over time. */
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
  /** Seed of people, light, background and noise. */
  readonly seed: number;
  /** Standard deviation of the sensor's noise in steps of 255. */
  readonly noise: number;
}

export const CLIP_SETTINGS: ClipSettings = { width: 640, height: 480, framesPerSecond: 30, seed: 1, noise: 1.5 };

/** A picture with its ground truth. */
export interface TruthFrame {
  readonly index: number;
  readonly time: Seconds;
  readonly picture: Picture;
  /** Coverage by hands, per pixel × 255. */
  readonly hands: Uint8Array;
  readonly faces: readonly TruthFace[];
}

/** Frames are drawn in order, as the noise continues from frame to frame. A new clip of the same settings repeats it. */
export interface TruthClip {
  readonly script: Script;
  readonly settings: ClipSettings;
  readonly length: number;
  readonly lens: Lens;
  next(): TruthFrame | undefined;
}

/** Vertical field of view, radians (docs/formats.md). */
const VERTICAL_FOV = (63 * Math.PI) / 180;
/** A clip of rendered people. Deterministic: the same script and settings give the same pixels. */
export function createTruthClip(model: FaceModel, script: Script, settings: ClipSettings = CLIP_SETTINGS): TruthClip {
  const { width, height, framesPerSecond, seed } = settings;
  const lens = lensOfFrame(width, height, VERTICAL_FOV);
  const setup = createSceneSetup(model, lens, settings, script.people);
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
      const vertices = drawScene(setup, scene);
      const hands = coverage(setup.canvas, (label) => label >= HAND);
      const shadow = contactShadow(hands, width, height, Math.round(width / 60));
      const picture = sensor.expose(setup.canvas, background, shadow, BODY - 1);
      const faces = scene.heads.map((head, k) => truthOf(setup, k, head, vertices[k] as Float32Array));
      return { index: index++, time, picture, hands, faces };
    },
  };
}
