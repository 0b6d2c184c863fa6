import { EMPTY, lastValueFrom, of } from 'rxjs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  camera,
  createFaceEvents,
  createTracker,
  expressionIndex,
  type Frame,
  faceEvents,
  images,
  SMOOTHING_GROUPS,
  sampleClip,
  type Tracker,
  videoFile,
  withRestingFace,
} from '../../src/index';
import { tinyFaceModel } from '../face/tiny-face-model';
import { type FakeImage, fakeFrame } from '../pipeline/doubles';
import { type FakeWorker, fakeWorkers } from '../pipeline/fake-worker';

/** Values that no option accepts all of; each test leaves out those that its option accepts. */
const HOSTILE: readonly unknown[] = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -1,
  1.5,
  1e9,
  '',
  'x',
  '__proto__',
  null,
  true,
  [],
  {},
  () => undefined,
  Symbol('s'),
  10n,
];
const not = (...accepted: readonly unknown[]) => HOSTILE.filter((value) => !accepted.includes(value));
const notKind = (...kinds: readonly string[]) => HOSTILE.filter((value) => !kinds.includes(typeof value));
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
const notObject = HOSTILE.filter((value) => !isObject(value));

/** Calls with any value, as JavaScript can. */
type Call = (value: unknown) => unknown;
const call = (of: unknown): Call => of as Call;

let tracker: Tracker;
let worker: FakeWorker;

beforeEach(async () => {
  vi.stubGlobal('document', { baseURI: 'http://localhost/app/index.html' });
  vi.stubGlobal('navigator', {});
  const fake = fakeWorkers();
  const opening = createTracker({ spawn: fake.spawn });
  worker = fake.last();
  worker.open(tinyFaceModel());
  tracker = await opening;
});

/** The error of a call that throws or rejects; undefined for one that does neither. */
async function errorOf(run: () => unknown): Promise<unknown> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error;
  }
}

const REFUSED: Readonly<Record<string, readonly [values: readonly unknown[], run: Call, name: string]>> = {
  'createTracker options': [notObject, call(createTracker), 'options'],
  bundle: [notKind('string'), (bundle) => call(createTracker)({ bundle }), 'bundle'],
  provider: [[...HOSTILE, 'cuda'], (provider) => call(createTracker)({ provider }), 'provider'],
  threads: [[...HOSTILE, 9, 0], (threads) => call(createTracker)({ threads }), 'threads'],
  smooth: [not(true), (smooth) => call(createTracker)({ smooth }), 'smooth'],
  smoothing: [notObject, (smoothing) => call(createTracker)({ smoothing }), 'smoothing'],
  assets: [notKind('string'), (assets) => call(createTracker)({ assets }), 'assets'],
  workerUrl: [notKind('string'), (workerUrl) => call(createTracker)({ workerUrl }), 'workerUrl'],
  spawn: [notKind('function'), (spawn) => call(createTracker)({ spawn }), 'spawn'],
  signal: [HOSTILE, (signal) => call(createTracker)({ signal }), 'signal'],
  faces: [[...HOSTILE, 65, 0], (faces) => call(createTracker)({ faces }), 'faces'],
  wideMasks: [not(true), (wideMasks) => call(createTracker)({ wideMasks }), 'wideMasks'],
  onProgress: [notKind('function'), (onProgress) => call(createTracker)({ onProgress }), 'onProgress'],
  setSmoothing: [notObject, (value) => call(tracker.setSmoothing)(value), 'smoothing'],
  setRawFaces: [not(true), (value) => call(tracker.setRawFaces)(value), 'include'],
  setWideMasks: [not(true), (value) => call(tracker.setWideMasks)(value), 'extend'],
  track: [HOSTILE, (value) => call(tracker.track)(value), 'source'],
  trackEvery: [HOSTILE, (value) => call(tracker.trackEvery)(value), 'frames$'],
  trackStill: [HOSTILE, (value) => call(tracker.trackStill)(value), 'frame'],
  'frames of trackEvery': [
    HOSTILE,
    (value) => lastValueFrom(tracker.trackEvery(of(value as Frame)), { defaultValue: undefined }),
    'frame',
  ],
  'camera options': [notObject, call(camera), 'options'],
  'camera width': [not(1.5, 1e9), (width) => call(camera)({ width }), 'width'],
  'camera frameRate': [not(1.5, 1e9), (frameRate) => call(camera)({ frameRate }), 'frameRate'],
  'camera facing': [HOSTILE, (facing) => call(camera)({ facing }), 'facing'],
  'camera deviceId': [notKind('string'), (deviceId) => call(camera)({ deviceId }), 'deviceId'],
  'video source': [not('x', '__proto__'), (source) => call(videoFile)(source), 'source'],
  'clip loop': [not(true), (loop) => call(sampleClip)({ loop }), 'loop'],
  'clip paused$': [HOSTILE, (paused$) => call(sampleClip)({ paused$ }), 'paused$'],
  'list of images': [HOSTILE.filter((value) => !Array.isArray(value)), call(images), 'files'],
  thresholds: [notObject, (thresholds) => call(faceEvents)({ thresholds }), 'thresholds'],
  'a threshold': [notObject, (blink) => call(createFaceEvents)({ thresholds: { blink } }), 'thresholds.blink'],
  'off of a threshold': [HOSTILE, (off) => call(createFaceEvents)({ thresholds: { smile: { off } } }), 'off'],
  'an expression': [HOSTILE, call(expressionIndex), ''],
};

describe('hostile values of public options', () => {
  for (const [title, [values, run, name]] of Object.entries(REFUSED)) {
    it(`P21: ${title}: each is refused with its name`, async () => {
      for (const value of values) {
        const error = await errorOf(() => run(value));
        expect(error, `${typeof value} ${String(value)}`).toBeInstanceOf(RangeError);
        expect((error as Error).message).toContain(name);
      }
    });
  }

  it.each(SMOOTHING_GROUPS)('P21: smoothing %s from 0 to 1 only; a refused value changes nothing', (group) => {
    const before = worker.sent.length;
    for (const value of [...not(), 1.01, -0.01]) {
      expect(() => call(tracker.setSmoothing)({ [group]: value })).toThrow(new RegExp(`smoothing\\.${group} must be`));
    }
    expect(worker.sent).toHaveLength(before);
  });

  it('P21: unknown options are refused with the known ones', async () => {
    await expect(call(createTracker)({ face: 2 })).rejects.toThrow(
      /^face is unknown; options may have assets, .*faces/,
    );
    expect(() => call(tracker.setSmoothing)({ nose: 1 })).toThrow(/smoothing\.nose is unknown/);
    expect(() => call(faceEvents)({ thresholds: { wink: {} } })).toThrow(/thresholds\.wink is unknown/);
  });

  it('P21: groups of the smoothing that are left out are balanced', () => {
    tracker.setSmoothing({ eyes: 1 });
    expect(worker.sent.at(-1)).toMatchObject({ settings: { eyes: 1, jaw: 0.5 } });
  });

  it.each([{ time: Number.NaN }, { width: 0 }, { height: 1.5 }, { width: Number.POSITIVE_INFINITY }])(
    'P21: a frame with %o is refused by the name of the part, and closed',
    async (part) => {
      const frame = { ...fakeFrame(0), ...part } as Frame & { readonly image: FakeImage };
      const message = new RegExp(`frame\\.${Object.keys(part)[0]} must be`);
      await expect(tracker.trackStill(frame)).rejects.toThrow(message);
      await expect(lastValueFrom(tracker.trackEvery(of(frame)))).rejects.toThrow(message);
      expect(frame.image.closed).toBe(2);
      expect(worker.requests).toEqual([]);
    },
  );

  it('P21: a resting face with a value of 1 or NaN is refused by the name of the expression', () => {
    const face = { coefficients: { expression: new Float32Array(52) } };
    for (const value of [1, Number.NaN, -0.1]) {
      const rest = Float32Array.from({ length: 52 }, (_, i) => (i === 17 ? value : 0));
      expect(() => withRestingFace(face as never, rest as never)).toThrow(/resting face: jawOpen must be/);
    }
  });

  it('P21: accepts what it documents', () => {
    expect(tracker.track(EMPTY)).toBeDefined();
    expect(camera({ facing: 'environment', width: 1280, background: true })).toBeDefined();
    expect(faceEvents({ thresholds: { blink: { on: 0.9 } } })).toBeDefined();
    expect(images([])).toBeDefined();
  });
});
