import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  CLIP_SETTINGS,
  type ClipSettings,
  createTruthClip,
  type Script,
  type TruthFrame,
} from '../../../bench/truth/clip';
import { crossing, handOver, handTimes, nod, still } from '../../../bench/truth/scripts';
import { parseFaceModel } from '../../../src/face/face-model';

const model = parseFaceModel(Uint8Array.from(readFileSync('public/models/peekaboo/face-model.bin')).buffer);
const small: ClipSettings = { ...CLIP_SETTINGS, width: 320, height: 240, noise: 0 };

/** One frame of a script. */
function frameAt(script: Script, time: number, settings: ClipSettings = small, of = model): TruthFrame {
  const moved: Script = { ...script, seconds: 1, sceneAt: (since) => script.sceneAt(time + since) };
  const frame = createTruthClip(of, moved, settings).next();
  if (!frame) throw new Error('an empty clip');
  return frame;
}

/** The middle of what shines within `reach` pixels of a place. */
function brightMiddle({ picture }: TruthFrame, x: number, y: number, reach: number): [number, number] {
  let [sum, sumX, sumY] = [0, 0, 0];
  for (let row = Math.round(y) - reach; row <= Math.round(y) + reach; row++) {
    for (let column = Math.round(x) - reach; column <= Math.round(x) + reach; column++) {
      const light = ((picture.data[4 * (row * picture.width + column)] as number) / 255) ** 2.2;
      sum += light;
      sumX += light * column;
      sumY += light * row;
    }
  }
  return [sumX / sum, sumY / sum];
}

describe('truth clips', { timeout: 30_000 }, () => {
  it('Z1 the same seed makes the same pixels, another seed other ones', () => {
    const settings = { ...small, noise: 2 };
    const first = frameAt(nod(), 0.8, settings);
    expect(frameAt(nod(), 0.8, settings).picture.data).toEqual(first.picture.data);
    expect(frameAt(nod(), 0.8, { ...settings, seed: 2 }).picture.data).not.toEqual(first.picture.data);
  });

  it('Z2 the points of the truth are where the picture shows their vertices', () => {
    // A black face, but for a few vertices.
    const points = [8, 21, 30, 36, 54, 57];
    const albedoMean = new Float32Array(model.albedoMean.length);
    for (const point of points) {
      const vertex = model.landmarks68[point] as number;
      albedoMean.fill(1, 3 * vertex, 3 * vertex + 3);
    }
    const frame = frameAt(nod(), 0.9, { ...CLIP_SETTINGS, noise: 0 }, { ...model, albedoMean });
    for (const point of points) {
      const [x, y] = frame.faces[0]?.landmarks68.subarray(2 * point, 2 * point + 2) ?? [];
      const [seenX, seenY] = brightMiddle(frame, x as number, y as number, 4);
      expect(Math.hypot(seenX - (x as number), seenY - (y as number)), `point ${point}`).toBeLessThan(0.7);
    }
  });

  it("Z2 the 478 points lie on the head's outline", () => {
    const face = frameAt(still(), 0).faces[0];
    const seen = Array.from({ length: 478 }, (_, i) => {
      const [x, y] = [face?.landmarks478[2 * i] as number, face?.landmarks478[2 * i + 1] as number];
      return face?.head[Math.round(y) * small.width + Math.round(x)] as number;
    });
    expect(seen.filter((value) => value > 127).length).toBeGreaterThan(460);
  });

  it('Z3 the mask of hands is exact: pixels change where it says so and nowhere else', () => {
    const script = handOver('mouth', 1);
    const without = { ...script, sceneAt: (time: number) => ({ ...script.sceneAt(time), hands: [] }) };
    const covered = frameAt(script, 1.6);
    const clear = frameAt(without, 1.6);
    const changed = (i: number) =>
      [0, 1, 2].some((k) => covered.picture.data[4 * i + k] !== clear.picture.data[4 * i + k]);
    const pixels = Array.from(covered.hands.keys());
    const inside = pixels.filter((i) => covered.hands[i] === 255);
    expect(inside.length).toBeGreaterThan(3000);
    expect(inside.filter(changed).length / inside.length).toBeGreaterThan(0.99);
    // A hand's shadow falls on the face only.
    const outside = pixels.filter((i) => covered.hands[i] === 0 && covered.faces[0]?.head[i] === 0);
    expect(outside.filter(changed)).toEqual([]);
  });

  it('Z4 visibility is that of the regions under the hand', () => {
    const { from, to, gone } = handTimes(1);
    const at = (time: number) => frameAt(handOver('mouth', 1), time).faces[0];
    expect(at(0.5)).toMatchObject({ visible: 1, visibility: { mouth: 1, forehead: 1, eyeLeft: 1 } });
    const covered = at((from + to) / 2);
    expect(covered?.visibility.mouth).toBeLessThan(0.15);
    expect(covered?.visibility.forehead).toBeGreaterThan(0.95);
    expect(covered?.visible).toBeLessThan(0.8);
    expect(at(gone + 0.1)?.visible).toBe(1);
  });

  it('Z5 who walks behind is hidden by who walks in front, and by no more', () => {
    const [near, far] = frameAt(crossing(), 1.85).faces;
    expect(near?.visible).toBe(1);
    expect(near?.occluder.some((value) => value > 0)).toBe(false);
    expect(far?.visible).toBeLessThan(0.7);
    const [, apart] = frameAt(crossing(), 0.3).faces;
    expect(apart?.visible).toBe(1);
  });

  it('Z6 the sensor trembles by what it is set to, anew in every frame', () => {
    const clip = createTruthClip(model, still(), { ...small, noise: 3 });
    const [first, second] = [clip.next(), clip.next()];
    const difference = Array.from({ length: 2000 }, (_, i) => {
      const at = 4 * (i % 300) + 4 * small.width * Math.floor(i / 300);
      return (first?.picture.data[at] as number) - (second?.picture.data[at] as number);
    });
    const deviation = Math.sqrt(difference.reduce((sum, d) => sum + d * d, 0) / difference.length);
    expect(deviation).toBeGreaterThan(3.9);
    expect(deviation).toBeLessThan(4.7);
  });

  it('Z7 a clip ends', () => {
    const clip = createTruthClip(model, still(0.1), small);
    expect(clip.length).toBe(3);
    for (let i = 0; i < 3; i++) expect(clip.next()?.index).toBe(i);
    expect(clip.next()).toBeUndefined();
  });
});
