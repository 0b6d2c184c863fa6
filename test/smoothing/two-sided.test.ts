import { describe, expect, it } from 'vitest';
import { EXPRESSION_NAMES, type FaceData } from '../../src/face/types';
import { createFacesSmoother } from '../../src/smoothing/smooth-faces';
import { type FaceTrack, smoothTwoSided, type TrackedFace } from '../../src/smoothing/two-sided';
import { seeded } from '../face/tiny-face-model';
import { type Sample, sampleFace, sampleLandmarks } from './sample-face';

const JAW = EXPRESSION_NAMES.indexOf('jawOpen');

function jaw(value: number): Float32Array {
  const expression = new Float32Array(52);
  expression[JAW] = value;
  return expression;
}

interface Samples {
  readonly times: number[];
  readonly faces: FaceData[];
}

/** A track of samples at 30 frames per second. */
function trackOf(count: number, sample: (i: number) => Sample): Samples {
  const frames = Array.from({ length: count }, (_, i) => i);
  return { times: frames.map((i) => i / 30), faces: frames.map((i) => sampleFace(sample(i))) };
}

function smooth(track: FaceTrack): TrackedFace[] {
  return smoothTwoSided(track, { landmarks: sampleLandmarks });
}

function live({ times, faces }: Samples): TrackedFace[] {
  const smoother = createFacesSmoother({ landmarks: sampleLandmarks });
  return faces.flatMap((face, i) => smoother.smoothFaces([face], times[i] ?? 0));
}

/** Root mean square of the distance from the truth, over frames that are not at the ends. */
function error(
  faces: readonly TrackedFace[],
  truth: (i: number) => number,
  value: (face: TrackedFace) => number,
): number {
  const squares = faces.slice(10, -10).map((face, i) => (value(face) - truth(i + 10)) ** 2);
  return Math.sqrt(squares.reduce((a, b) => a + b, 0) / squares.length);
}

const x = ({ camera }: TrackedFace) => camera.centre[0];
const jawOf = ({ coefficients }: TrackedFace) => coefficients.expression[JAW] ?? Number.NaN;

describe('smoothing of whole files', () => {
  it('S21 noise at rest, and a motion that starts and stops, have a lower error than live', { timeout: 60_000 }, () => {
    const truth = (i: number) => 200 + 8 * Math.min(30, Math.max(0, i - 40));
    const sums = { whole: 0, live: 0 };
    for (const seed of [4, 5, 6]) {
      const random = seeded(seed);
      const track = trackOf(110, (i) => ({ centre: [truth(i) + 0.3 * random(), 240] }));
      sums.whole += error(smooth(track), truth, x);
      sums.live += error(live(track), truth, x);
    }
    expect(sums.whole).toBeLessThan(0.97 * sums.live);
  });

  it('S21 a motion has no lag: it is reversed when time is reversed', () => {
    const track = trackOf(80, (i) => ({ centre: [200 + 60 * Math.sin(i / 6), 240] }));
    const reversed = { times: track.times, faces: track.faces.toReversed() };
    const there = smooth(track).map(x);
    const back = smooth(reversed).map(x).toReversed();
    for (let i = 0; i < there.length; i++) expect(there[i]).toBeCloseTo(back[i] ?? Number.NaN, 6);
  });

  it('S22 a covered stretch is interpolated from both sides', () => {
    const isCovered = (i: number) => i >= 40 && i < 80;
    const track = trackOf(120, (i) =>
      isCovered(i)
        ? { expression: jaw(1), visible: 0, centre: [300, 240] }
        : { expression: jaw(i < 40 ? 0.2 : 0.6), centre: [i < 40 ? 200 : 220, 240] },
    );
    const faces = smooth(track);
    const at = (i: number) => faces[i] as TrackedFace;
    expect(jawOf(at(60))).toBeCloseTo(0.4, 1);
    for (let i = 45; i < 75; i++) expect(jawOf(at(i + 1))).toBeGreaterThanOrEqual(jawOf(at(i)) - 1e-6);
    expect(Math.abs(jawOf(at(38)) - 0.2)).toBeLessThan(0.02);
    expect(Math.abs(jawOf(at(82)) - 0.6)).toBeLessThan(0.02);
    expect(x(at(60))).toBeGreaterThan(203);
    expect(x(at(60))).toBeLessThan(217);
  });

  it('S22 a face that is held at the end keeps what was extrapolated, which does not reach back', () => {
    const track = trackOf(60, (i) => ({ centre: [i < 50 ? 200 : 900, 240], state: i < 50 ? 'tracked' : 'held' }));
    const faces = smooth(track);
    for (const face of faces.slice(0, 50)) expect(x(face)).toBeCloseTo(200, 3);
    expect(faces).toHaveLength(60);
  });

  it('S21 identity is constant, and the input is not modified', () => {
    const random = seeded(5);
    const track = trackOf(40, () => ({ identity: Float32Array.from({ length: 80 }, () => 0.2 * random()) }));
    const before = structuredClone(track.faces.map(({ coefficients }) => coefficients));
    const faces = smooth(track);
    for (const { coefficients } of faces) expect(coefficients.identity).toEqual(faces[0]?.coefficients.identity);
    expect(track.faces.map(({ coefficients }) => coefficients)).toEqual(before);
  });

  it('S21 a track of one frame is kept', () => {
    const [face] = smooth(trackOf(1, () => ({ centre: [123, 45] })));
    expect(face && x(face)).toBeCloseTo(123);
  });
});
