/** Runs in the page of filters-screens.test.ts: filters on a rendered head with two hands in front, all of known numbers. */
import { createTruthClip, type TruthFace } from '../../bench/truth/clip';
import { expressionOf, turned, wristPose } from '../../bench/truth/scripts';
import { cropToFrame } from '../../src/face/crop-transform';
import { faceOf as withExpression } from '../../src/face/expression';
import { type FaceModel, parseFaceModel } from '../../src/face/face-model';
import type { Crop, Face, FaceMask, TrackedFrame } from '../../src/face/types';
import { loadFilter } from '../../src/filters/index';
import { createStage, type Stage } from '../../src/render/stage';
import { settled } from './filters-waiting';

/** What is shown, rightly or with a fault. */
export interface Screen {
  /** A filter's name, `character`, or `plain` for the picture alone. */
  readonly name: string;
  /** How far everything drawn is off the face, pixels to the right. */
  readonly shift?: number;
  /** Whether what is in front stays in front; so without it. */
  readonly occlusion?: boolean;
  /** The person has a fringe and long hair; what the mask calls it. */
  readonly hair?: Hair;
}

type Hair = 'own' | 'occluder' | 'nothing';

const SIZE = 256;
/** The picture is a window of a taller one, in whose middle the head is seen from the crop camera's distance. */
const TALL = 660;
const TOP = 190;
const DISTANCE = 800;
const CELLS = 96;
const SEED = 12;

let stage: Stage | undefined;
interface Shown {
  readonly image: ImageBitmap;
  readonly face: Face;
}
let shown: { readonly bald: Shown; readonly hairy: Shown } | undefined;
let running: readonly string[] = [];
let drawn = '';

const events = {
  onNotice: () => undefined,
  onProgress: () => undefined,
  onRunning: (names: readonly string[]) => {
    running = names;
  },
};

const door = {
  async open(engine: 'webgl' | 'webgpu', modelUrl: string): Promise<void> {
    stage?.dispose();
    drawn = '';
    const model = parseFaceModel(await (await fetch(modelUrl)).arrayBuffer());
    const canvas = document.createElement('canvas');
    document.body.replaceChildren(canvas);
    canvas.style.cssText = `display: block; width: ${SIZE}px; height: ${SIZE}px`;
    shown = await renderedFace(model);
    stage = await createStage(canvas, { engine, filters: events });
    stage.setModel(model);
    stage.setOptions({ look: 'none', mirror: false });
    const bytes = await (await fetch('avatars/character.glb')).arrayBuffer();
    await stage.setAvatar({ name: 'Character', bytes });
  },

  /** RGBA in base64, when all is loaded and steady. */
  async draw({ name, shift = 0, occlusion = true, hair }: Screen): Promise<string> {
    const filters = ['plain', 'character'].includes(name) ? [] : [name];
    stage?.setOptions({ look: name === 'character' ? 'avatar' : 'none', occlusion });
    const changes = drawn !== name;
    drawn = name;
    if (changes) stage?.setFilters(await Promise.all(filters.map(loadFilter)));
    stage?.showFrame(tracked(shift, hair));
    if (changes) {
      await settled(
        () => running.join() === filters.join(),
        () => `${name} did not settle: on are ${running.join()}`,
      );
    }
    stage?.showFrame(tracked(shift, hair));
    // The stage draws in the next animation frame, before this callback: the canvas can still be read.
    await new Promise((done) => requestAnimationFrame(done));
    const context = new OffscreenCanvas(SIZE, SIZE).getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('no 2d context');
    if (stage) context.drawImage(stage.view.canvas, 0, 0);
    const { data } = context.getImageData(0, 0, SIZE, SIZE);
    return btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(''));
  },
};

export type ScreensDoor = typeof door;
declare global {
  interface Window {
    screensDouble?: ScreensDoor;
  }
}
window.screensDouble = door;

/** Only what is drawn is shifted: picture, crop and mask stay. */
function tracked(shift: number, hair: Hair | undefined): TrackedFrame {
  if (!shown) throw new Error('open the stage first');
  const { image, face } = hair ? shown.hairy : shown.bald;
  const { occluder, own } = face.mask;
  const none = new Uint8Array(own.length);
  const both = occluder.map((value, i) => Math.max(value, own[i] ?? 0));
  const mask = { ...face.mask, own: hair === 'own' ? own : none, occluder: hair === 'occluder' ? both : occluder };
  const [x, y] = face.camera.centre;
  const moved = { ...face, mask, camera: { ...face.camera, centre: [x + shift, y] as const } };
  const frame = { image, time: 2.2, index: 0, width: SIZE, height: SIZE, source: 'double' };
  const timings = { pixels: 0, detect: 0, crop: 0, focus: 0, decode: 0, smooth: 0, total: 0 };
  return { frame, faces: [moved], timings, provider: 'wasm' };
}

/** Somebody who smiles, a hand before one eye and the other before the chin. */
async function renderedFace(model: FaceModel): Promise<NonNullable<typeof shown>> {
  const rotation = turned({ yaw: 12, pitch: 3, roll: -4 });
  const pose = { rotation, translation: [0, 0, -DISTANCE] as const };
  const rest = { rotation: turned({}), translation: pose.translation };
  const expression = expressionOf({ jawOpen: 0.2, mouthSmileLeft: 0.6, mouthSmileRight: 0.6, browInnerUp: 0.3 });
  const hands = [
    { pose: wristPose([84, 62, -DISTANCE + 70], turned({ roll: 34, pitch: 6 })), left: false },
    { pose: wristPose([-44, -106, -DISTANCE + 95], turned({ roll: -46, pitch: 6 })), left: true },
  ];
  const script = {
    name: 'screen',
    seconds: 1,
    people: 1 as const,
    sceneAt: () => ({ heads: [{ pose, rest, expression }], hands }),
  };
  const clip = createTruthClip(model, script, { width: SIZE, height: TALL, framesPerSecond: 1, seed: SEED, noise: 0 });
  const frame = clip.next();
  const truth = frame?.faces[0];
  if (!frame || !truth) throw new Error('no face was rendered');
  const scale = clip.lens.focal / DISTANCE;
  const shownWith = async (isOwn: (pixel: number) => boolean): Promise<Shown> => {
    const picture = new ImageData(withHair(frame.picture.data, isOwn), SIZE, TALL);
    return {
      image: await createImageBitmap(picture, 0, TOP, SIZE, SIZE),
      face: faceOf(truth, frame.hands, isOwn, scale),
    };
  };
  return {
    bald: await shownWith(() => false),
    hairy: await shownWith((pixel) => isHair(pixel) && (frame.hands[pixel] ?? 0) < 128),
  };
}

/** A fringe down to the brows and long hair beside the face, in pixels of the tall picture. */
function isHair(pixel: number): boolean {
  const x = (pixel % SIZE) - SIZE / 2;
  const y = Math.floor(pixel / SIZE) - TALL / 2;
  const [inside, above] = [Math.hypot(x / 78, (y + 8) / 92) < 1, y < -34 + 5 * Math.sin(x / 6)];
  return (inside && above) || (Math.abs(x) > 42 && Math.abs(x) < 78 && y > -40 && y < 80);
}

/** The picture with brown strands. */
function withHair(data: Uint8ClampedArray<ArrayBuffer>, isOwn: (pixel: number) => boolean): typeof data {
  return data.map((value, i) => {
    const pixel = Math.floor(i / 4);
    if (i % 4 === 3 || !isOwn(pixel)) return value;
    return ([74, 44, 26][i % 4] ?? 0) * (1 + 0.4 * Math.sin(1.3 * (pixel % SIZE)));
  });
}

function faceOf(
  { pose, coefficients, visibility, head }: TruthFace,
  hands: Uint8Array,
  isOwn: (pixel: number) => boolean,
  scale: number,
): Face {
  const centre = [(SIZE - 1) / 2, (TALL - 1) / 2 - TOP] as const;
  const crop = { centreX: centre[0], centreY: centre[1], side: 190, angle: 0 };
  const cells = (covered: (pixel: number) => boolean) => cellsOf(crop, covered);
  const mask: FaceMask = {
    width: CELLS,
    height: CELLS,
    extent: 1,
    occluder: cells((pixel) => (hands[pixel] ?? 0) > 127),
    skin: cells((pixel) => (head[pixel] ?? 0) > 127 && (hands[pixel] ?? 0) <= 127 && !isOwn(pixel)),
    own: cells(isOwn),
  };
  return withExpression({
    id: 1,
    state: 'tracked',
    presence: 1,
    pose,
    camera: { rotation: pose.rotation, centre, scale, distance: DISTANCE },
    coefficients,
    landmarks68: new Float32Array(2 * 68),
    landmarks478: new Float32Array(3 * 478),
    visibility,
    mask,
    crop,
  });
}

/** Share × 255 of each of the crop's cells; `covered` takes pixels of the tall picture. */
function cellsOf(crop: Crop, covered: (pixel: number) => boolean): Uint8Array {
  const { a, x0, y0 } = cropToFrame(crop);
  const places = [-0.25, 0.25, 0.75, 1.25];
  return Uint8Array.from({ length: CELLS * CELLS }, (_, cell) => {
    const found = places.flatMap((du) =>
      places.filter((dv) => {
        const x = Math.round(x0 + a * (2 * (cell % CELLS) + du));
        const y = Math.round(y0 + a * (2 * Math.floor(cell / CELLS) + dv)) + TOP;
        return x >= 0 && x < SIZE && covered(y * SIZE + x);
      }),
    );
    return Math.round((255 * found.length) / places.length ** 2);
  });
}
