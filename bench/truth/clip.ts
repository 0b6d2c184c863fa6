import type { FaceModel } from '../../src/face/face-model';
import { type Lens, lensOfFrame } from '../../src/face/projection';
import type { Seconds } from '../../src/face/types';
import { backdrop } from './backdrop';
import { contactShadow, coverage, createSensor, type Picture } from './picture';
import { BODY, createStage, drawScene, HAND, type Scene } from './stage';
import { type TruthFace, truthOf } from './truth-face';

export type { Scene } from './stage';
export { pinhole, type TruthFace } from './truth-face';

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
/** A clip of a face model's people. Deterministic: script and settings make the same pixels. */
export function createTruthClip(model: FaceModel, script: Script, settings: ClipSettings = CLIP_SETTINGS): TruthClip {
  const { width, height, framesPerSecond, seed } = settings;
  const lens = lensOfFrame(width, height, VERTICAL_FOV);
  const stage = createStage(model, lens, settings, script.people);
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
