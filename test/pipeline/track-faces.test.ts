import { describe, expect, it } from 'vitest';
import type { Crop, Frame } from '../../src/face/types';
import type { Detection, Range } from '../../src/pipeline/detect';
import { createFaceTracker, findStillFaces, overlap, type Parts } from '../../src/pipeline/track-faces';
import { fakeFrame, seenFace } from './doubles';

/** A face of the made-up world. */
interface Person {
  readonly x: number;
  readonly y: number;
  readonly side: number;
  readonly presence?: number;
  /** Seen by the full range only. */
  readonly far?: boolean;
}

/** A world of people; writes down what it is asked. */
function world(peopleOf: (index: number) => readonly Person[]) {
  const asked: string[] = [];
  const crops: Crop[] = [];
  const parts: Parts = {
    async detect(frame, range: Range) {
      asked.push(range);
      return peopleOf(frame.index)
        .filter((person) => range === 'full' || !person.far)
        .map(detectionOf);
    },
    async look(frame, crop) {
      asked.push('look');
      crops.push(crop);
      const near = peopleOf(frame.index)
        .map((person) => ({ person, distance: Math.hypot(person.x - crop.centreX, person.y - crop.centreY) }))
        .filter(({ person, distance }) => distance < person.side / 2)
        .sort((a, b) => a.distance - b.distance)[0];
      if (!near) return seenFace(crop.centreX, crop.centreY, crop.side, 0);
      return seenFace(near.person.x, near.person.y, near.person.side, near.person.presence ?? 1, crop);
    },
  };
  return { asked, crops, parts };
}

function detectionOf({ x, y, side }: Person): Detection {
  const size = side / 1.5;
  return {
    x: x - size / 2,
    y: y - size / 2,
    width: size,
    height: size,
    rightEye: [x - size / 4, y],
    leftEye: [x + size / 4, y],
    score: 1,
  };
}

const settings = { faces: 1, threshold: 0.5 };
const one: Person = { x: 300, y: 200, side: 150 };

async function ids(step: (frame: Frame) => Promise<readonly { readonly id: number }[]>, indices: readonly number[]) {
  const seen: number[][] = [];
  for (const index of indices) seen.push((await step(fakeFrame(index))).map(({ id }) => id));
  return seen;
}

describe('createFaceTracker', () => {
  it('P2: looks twice on the first frame; the second crop comes from the first look', async () => {
    const { asked, crops, parts } = world(() => [one]);
    const [face] = await createFaceTracker(parts, settings).step(fakeFrame(0));
    expect(asked).toEqual(['short', 'look', 'look']);
    expect(crops[1]).toMatchObject({ centreX: 300, centreY: 200 });
    expect(crops[1]?.side).toBeCloseTo(150, 3);
    expect(face).toMatchObject({ id: 0, state: 'found' });
  });

  it('P1: follows with one look a frame and no detection', async () => {
    const { asked, parts } = world(() => [one]);
    const tracker = createFaceTracker(parts, settings);
    await tracker.step(fakeFrame(0));
    asked.length = 0;
    for (let index = 1; index <= 30; index++) {
      expect(await tracker.step(fakeFrame(index))).toMatchObject([{ id: 0, state: 'tracked' }]);
    }
    expect(asked).toEqual(Array(30).fill('look'));
  });

  it('P3: the next crop is the last one moved on, by as much as the clock went on', async () => {
    const { crops, parts } = world((index) => [{ ...one, x: 300 + 6 * index }]);
    const tracker = createFaceTracker(parts, settings);
    for (const index of [0, 1, 2]) await tracker.step(fakeFrame(index));
    expect(crops.at(-1)?.centreX).toBeCloseTo(312, 3);
    await tracker.step(fakeFrame(4));
    expect(crops.at(-1)?.centreX).toBeCloseTo(324, 3);
  });

  it('P3: a motion is gone on with for a tenth of a second: after a long gap the crop is not thrown away', async () => {
    const { crops, parts } = world((index) => [{ ...one, x: 300 + 6 * index }]);
    const tracker = createFaceTracker(parts, settings);
    await tracker.step(fakeFrame(0, 10));
    await tracker.step(fakeFrame(1, 10.04));
    await tracker.step(fakeFrame(2, 11));
    expect(crops.at(-1)?.centreX).toBeCloseTo(306 + 6 * (0.1 / 0.04), 3);
  });

  it.each([3, 10.04])('P3: a clock that goes from 10.04 to %d does not move the crop', async (time) => {
    const { crops, parts } = world((index) => [{ ...one, x: 300 + 6 * index }]);
    const tracker = createFaceTracker(parts, settings);
    await tracker.step(fakeFrame(0, 10));
    await tracker.step(fakeFrame(1, 10.04));
    await tracker.step(fakeFrame(2, time));
    expect(crops.at(-1)?.centreX).toBeCloseTo(306, 3);
    await tracker.step(fakeFrame(3, time + 0.04));
    expect(crops.at(-1)?.centreX).toBeCloseTo(312, 3);
  });

  it('P4: a face missed once is held as it was seen last, with the presence of the miss', async () => {
    const { parts } = world((index) => [{ ...one, x: 300 + 6 * index, presence: index === 2 ? 0.2 : 1 }]);
    const { step } = createFaceTracker(parts, settings);
    await step(fakeFrame(0));
    const [seen] = await step(fakeFrame(1));
    expect(await step(fakeFrame(2))).toEqual([{ ...seen, state: 'held', presence: 0.2 }]);
    expect(await step(fakeFrame(3))).toMatchObject([{ id: 0, state: 'tracked', presence: 1 }]);
  });

  it('P7: a held face is not seen: others are searched for at once', async () => {
    const { asked, parts } = world((index) => [{ ...one, presence: index === 2 ? 0.2 : 1 }]);
    const { step } = createFaceTracker(parts, { ...settings, faces: 2 });
    await ids(step, [0, 1]);
    asked.length = 0;
    await ids(step, [2]);
    expect(asked).toContain('short');
  });

  it('P4: two misses in a row end the face; who comes back gets a new id', async () => {
    const { parts } = world((index) => [{ ...one, presence: index === 2 || index === 3 ? 0.2 : 1 }]);
    const { step } = createFaceTracker(parts, settings);
    expect(await ids(step, [0, 1, 2, 3, 4])).toEqual([[0], [0], [0], [], [1]]);
  });

  it('P4: a face that leaves the frame is lost, however sure the network is', async () => {
    const { parts } = world((index) => (index < 2 ? [one] : []));
    const look: Parts['look'] = (frame, crop) =>
      frame.index < 2 ? parts.look(frame, crop) : Promise.resolve(seenFace(-80, 200, 150, 1, crop));
    const { step } = createFaceTracker({ ...parts, look }, settings);
    expect(await ids(step, [0, 1, 2])).toEqual([[0], [0], []]);
  });

  it('P5: ids stay with their faces and are not used again', async () => {
    const people = [one, { x: 500, y: 300, side: 100 }];
    const { parts } = world((index) => (index === 3 || index === 4 ? people.slice(1) : people));
    const tracker = createFaceTracker(parts, { ...settings, faces: 2 });
    expect(await ids(tracker.step, [0, 1, 2])).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
    expect(await ids(tracker.step, [3, 4])).toEqual([[0, 1], [1]]);
    expect(
      (
        await ids(
          tracker.step,
          Array.from({ length: 11 }, (_, i) => 5 + i),
        )
      ).at(-1),
    ).toEqual([2, 1]);
  });

  it('P6: the largest face comes first', async () => {
    const { parts } = world(() => [{ x: 500, y: 300, side: 100 }, one, { x: 100, y: 100, side: 120 }]);
    const faces = await createFaceTracker(parts, { ...settings, faces: 2 }).step(fakeFrame(0));
    expect(faces.map(({ crop }) => Math.round(crop.side))).toEqual([150, 120]);
  });

  it('P6: of two tracks that end up on the same face the older stays', async () => {
    const { parts } = world((index) => [one, { ...one, x: index === 0 ? 480 : 310 }]);
    const { step } = createFaceTracker(parts, { ...settings, faces: 2 });
    const seen = await ids(step, [0, 1, 2, 3, 4, 5]);
    expect(seen[0]).toHaveLength(2);
    expect(seen.at(-1)).toEqual([0]);
  });

  it('P7: another face is searched for on every tenth frame only, and found', async () => {
    const { asked, parts } = world((index) => (index < 5 ? [one] : [one, { x: 500, y: 300, side: 100 }]));
    const { step } = createFaceTracker(parts, { ...settings, faces: 2 });
    const seen = await ids(
      step,
      Array.from({ length: 12 }, (_, index) => index),
    );
    expect(seen[9]).toEqual([0]);
    expect(seen[10]).toEqual([0, 1]);
    expect(asked.filter((what) => what === 'short')).toHaveLength(2);
  });

  it('P8: the full range is the second look when the short range finds nothing, not on every frame', async () => {
    const { asked, parts } = world(() => []);
    const { step } = createFaceTracker(parts, settings);
    await ids(step, [0, 1, 2, 3]);
    expect(asked).toEqual(['short', 'full', 'short', 'short', 'short', 'full']);
  });

  it.each([0.3, Number.NaN])('P8: a find of presence %d is no face', async (presence) => {
    const { parts } = world(() => [{ ...one, presence }]);
    expect(await createFaceTracker(parts, settings).step(fakeFrame(0))).toEqual([]);
  });

  it('P4: a presence that is no number is a miss', async () => {
    const { parts } = world((index) => [{ ...one, presence: index === 1 || index === 2 ? Number.NaN : 1 }]);
    const { step } = createFaceTracker(parts, settings);
    await ids(step, [0]);
    expect(await step(fakeFrame(1))).toMatchObject([{ state: 'held', presence: 0 }]);
    expect(await step(fakeFrame(2))).toEqual([]);
  });

  it('P9: a failing look is that frame’s error; the next frame goes on with the same face', async () => {
    const { parts } = world(() => [one]);
    let failing = false;
    const look: Parts['look'] = (frame, crop) => (failing ? Promise.reject(new Error('no')) : parts.look(frame, crop));
    const tracker = createFaceTracker({ ...parts, look }, settings);
    await tracker.step(fakeFrame(0));
    failing = true;
    await expect(tracker.step(fakeFrame(1))).rejects.toThrow('no');
    failing = false;
    expect(await tracker.step(fakeFrame(2))).toMatchObject([{ id: 0, state: 'tracked' }]);
  });
});

describe('findStillFaces', () => {
  it('P2: looks twice at each find', async () => {
    const { asked, parts } = world(() => [one]);
    expect(await findStillFaces(fakeFrame(0), parts, settings)).toMatchObject([{ id: 0, state: 'found' }]);
    expect(asked).toEqual(['short', 'look', 'look']);
  });

  it('P8: goes on to the next find, then to the full range, when presence is low', async () => {
    const people = [
      { ...one, presence: 0.1 },
      { x: 100, y: 100, side: 100, presence: 0.2 },
      { x: 500, y: 300, side: 60, far: true },
    ];
    const { asked, parts } = world(() => people);
    const faces = await findStillFaces(fakeFrame(0), parts, settings);
    expect(faces.map(({ crop }) => Math.round(crop.side))).toEqual([60]);
    expect(asked.slice(0, 6)).toEqual(['short', 'look', 'look', 'look', 'look', 'full']);
  });

  it('P6: finds on the same face count once', async () => {
    const { parts } = world(() => [one, { ...one, x: 305 }]);
    expect(await findStillFaces(fakeFrame(0), parts, { ...settings, faces: 4 })).toHaveLength(1);
  });
});

describe('overlap', () => {
  it('P6: is 1 for the same crop, 0 for crops apart, a third for half a side', () => {
    const crop = { centreX: 0, centreY: 0, side: 10, angle: 0 };
    expect(overlap(crop, crop)).toBe(1);
    expect(overlap(crop, { ...crop, centreX: 20 })).toBe(0);
    expect(overlap(crop, { ...crop, centreX: 5 })).toBeCloseTo(1 / 3);
  });
});
