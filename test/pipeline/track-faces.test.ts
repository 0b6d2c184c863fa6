import { describe, expect, it } from 'vitest';
import type { Crop, FaceData, Frame } from '../../src/face/types';
import type { Detection } from '../../src/pipeline/detect/detection';
import { isSameFace, overlap } from '../../src/pipeline/same-face';
import type { DetectionArea } from '../../src/pipeline/search/detection-areas';
import { type FaceFinding, findStillFaces } from '../../src/pipeline/search/find-faces';
import { createFaceTracker, type FaceTracker } from '../../src/pipeline/track-faces';
import { fakeFrame, seenFace } from './doubles';

/** A face of the made-up world. */
interface Person {
  readonly x: number;
  readonly y: number;
  readonly side: number;
  readonly presence?: number;
  /** Seen by the full range only. */
  readonly far?: boolean;
  /** Detected in tiles only. */
  readonly small?: boolean;
  /** Quarter turns after which it is detected; 0 by default. */
  readonly turns?: number;
  /** Score of its detection; 1 by default. */
  readonly score?: number;
  /** Deviation of its rotated crops; 0.01 by default. */
  readonly deviation?: number;
  /** Who it is. */
  readonly person?: number;
}

/** A world of people; writes down what it is asked. */
function world(peopleOf: (index: number) => readonly Person[], shotOf: (index: number) => number = () => 0) {
  const asked: string[] = [];
  const crops: Crop[] = [];
  const copies: ReturnType<typeof fakeFrame>[] = [];
  const finding: FaceFinding = {
    async detect(frame, area) {
      asked.push(areaName(area));
      return peopleOf(frame.index)
        .filter((person) => isDetected(person, area))
        .map(detectionOf);
    },
    inferCrop: (frame, crop) => see('single', frame, crop),
    inferTracked: async (frame, crop) => ({ decoded: await see('single', frame, crop), view: viewOf(frame.index) }),
    inferMirrored: (frame, crop) => see('mirrored', frame, crop),
    inferMultiCrop: (frame, crop) => see('multi-crop', frame, crop),
    async verifyFace(frame, face) {
      asked.push('verify');
      return face.presence - 12 * (nearest(frame, face.crop)?.deviation ?? 0.01);
    },
    async copy({ index, time }) {
      const copy = fakeFrame(index, time);
      copies.push(copy);
      return copy;
    },
  };
  /** Views of different shots are unlike. */
  const viewOf = (index: number) => Float32Array.from({ length: 432 }, (_, i) => Math.sin(i * (1 + shotOf(index))));
  const nearest = (frame: Frame, crop: Crop) =>
    peopleOf(frame.index)
      .map((person) => ({ person, distance: Math.hypot(person.x - crop.centreX, person.y - crop.centreY) }))
      .filter(({ person, distance }) => distance < person.side / 2)
      .sort((a, b) => a.distance - b.distance)[0]?.person;
  const see = async (way: string, frame: Frame, crop: Crop) => {
    asked.push(way);
    crops.push(crop);
    const near = nearest(frame, crop);
    if (!near) return seenFace(crop.centreX, crop.centreY, crop.side, 0);
    const { x, y, side, presence = 1, person } = near;
    return seenFace(x, y, side, presence, crop, person);
  };
  return { asked, crops, copies, finding };
}

function areaName({ box, range, turns }: DetectionArea): string {
  if (box.width < 640) return 'tile';
  return turns === 0 ? range : `${range} turned ${turns}`;
}

function isDetected({ x, y, far = false, small = false, turns = 0 }: Person, area: DetectionArea): boolean {
  const { box } = area;
  const inside = x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
  return inside && turns === area.turns && (area.range === 'full' || !far) && (box.width < 640 || !small);
}

function detectionOf({ x, y, side, score = 1 }: Person): Detection {
  const size = side / 1.5;
  return {
    x: x - size / 2,
    y: y - size / 2,
    width: size,
    height: size,
    rightEye: [x - size / 4, y],
    leftEye: [x + size / 4, y],
    score,
  };
}

const settings = { faces: 1, threshold: 0.5 };
const one: Person = { x: 300, y: 200, side: 150 };

/** Frames by their indices, 25 a second, as the worker has them stepped. */
async function faces({ trackFrame, runDeferredSearch }: FaceTracker, indices: readonly number[]) {
  const seen: FaceData[][] = [];
  for (const index of indices) {
    seen.push(await trackFrame(fakeFrame(index)));
    await runDeferredSearch();
  }
  return seen;
}

async function ids(tracker: FaceTracker, indices: readonly number[]) {
  return (await faces(tracker, indices)).map((listed) => listed.map(({ id }) => id));
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('createFaceTracker', () => {
  it('P2: runs two inferences on the first frame; the second crop comes from the first result', async () => {
    const { asked, crops, finding } = world(() => [one]);
    const [face] = await createFaceTracker(finding, settings).trackFrame(fakeFrame(0));
    expect(asked).toEqual(['short', 'single', 'mirrored', 'verify']);
    expect(crops[1]).toMatchObject({ centreX: 300, centreY: 200 });
    expect(crops[1]?.side).toBeCloseTo(150, 3);
    expect(face).toMatchObject({ id: 0, state: 'found' });
  });

  it('P1: tracks with one inference per frame and no detection', async () => {
    const { asked, finding } = world(() => [one]);
    const tracker = createFaceTracker(finding, settings);
    await tracker.trackFrame(fakeFrame(0));
    asked.length = 0;
    for (let index = 1; index <= 30; index++) {
      expect(await tracker.trackFrame(fakeFrame(index))).toMatchObject([{ id: 0, state: 'tracked' }]);
    }
    expect(asked).toEqual(Array(30).fill('single'));
  });

  it('P3: the next crop extrapolates the last one in proportion to the time', async () => {
    const { crops, finding } = world((index) => [{ ...one, x: 300 + 6 * index }]);
    const tracker = createFaceTracker(finding, settings);
    for (const index of [0, 1, 2]) await tracker.trackFrame(fakeFrame(index));
    expect(crops.at(-1)?.centreX).toBeCloseTo(312, 3);
    await tracker.trackFrame(fakeFrame(4));
    expect(crops.at(-1)?.centreX).toBeCloseTo(324, 3);
  });

  it('P3: a change as small as the jitter of a still face is not extrapolated', async () => {
    const { crops, finding } = world((index) => [{ ...one, x: 300 + 0.5 * (index % 2) }]);
    const tracker = createFaceTracker(finding, settings);
    for (const index of [0, 1, 2, 3]) await tracker.trackFrame(fakeFrame(index));
    expect(crops.at(-1)?.centreX).toBeCloseTo(300, 3);
  });

  it('P3: a motion is extrapolated for a tenth of a second at most', async () => {
    const { crops, finding } = world((index) => [{ ...one, x: 300 + 6 * index }]);
    const tracker = createFaceTracker(finding, settings);
    await tracker.trackFrame(fakeFrame(0, 10));
    await tracker.trackFrame(fakeFrame(1, 10.04));
    await tracker.trackFrame(fakeFrame(2, 11));
    expect(crops.at(-1)?.centreX).toBeCloseTo(306 + 6 * (0.1 / 0.04), 3);
  });

  it.each([3, 10.04])('P3: a time step from 10.04 to %d does not move the crop', async (time) => {
    const { crops, finding } = world((index) => [{ ...one, x: 300 + 6 * index }]);
    const tracker = createFaceTracker(finding, settings);
    await tracker.trackFrame(fakeFrame(0, 10));
    await tracker.trackFrame(fakeFrame(1, 10.04));
    await tracker.trackFrame(fakeFrame(2, time));
    expect(crops.at(-1)?.centreX).toBeCloseTo(306, 3);
    await tracker.trackFrame(fakeFrame(3, time + 0.04));
    expect(crops.at(-1)?.centreX).toBeCloseTo(312, 3);
  });

  it('P4: a missed face is held with the low presence and extrapolated by its motion', async () => {
    const { finding } = world((index) => [{ ...one, x: 300 + 6 * index, presence: index > 2 && index < 6 ? 0.2 : 1 }]);
    const tracker = createFaceTracker(finding, settings);
    await faces(tracker, [0, 1, 2]);
    const [[first], [second], , [back]] = (await faces(tracker, [3, 4, 5, 6])) as [
      [FaceData],
      [FaceData],
      [FaceData],
      [FaceData],
    ];
    expect(first).toMatchObject({ id: 0, state: 'held', presence: 0.2 });
    expect(first.camera.centre[0]).toBeCloseTo(318, 1);
    expect(second.camera.centre[0]).toBeCloseTo(324, 1);
    expect(second.landmarks478[0]).toBeCloseTo(324 - 50, 1);
    expect(second.pose.translation[0]).toBeGreaterThan(first.pose.translation[0]);
    expect(back).toMatchObject({ id: 0, state: 'tracked', presence: 1 });
  });

  it('P4: the motion of a held face decays', async () => {
    const { finding } = world((index) => (index < 3 ? [{ ...one, x: 300 + 6 * index }] : []));
    const tracker = createFaceTracker(finding, settings);
    const listed = await faces(tracker, range(0, 25));
    const centre = (index: number) => listed[index]?.[0]?.camera.centre[0] ?? Number.NaN;
    expect(centre(20) - centre(19)).toBeLessThan(1);
    expect(centre(24)).toBeGreaterThan(330);
    expect(centre(24)).toBeLessThan(312 + 150 * 0.26);
  });

  it('P4: a held face keeps its visibility for a moment, then counts as hidden', async () => {
    const { finding } = world((index) => (index < 1 ? [one] : []));
    const listed = await faces(createFaceTracker(finding, settings), range(0, 8));
    const told = listed.map(([face]) => [
      face?.visibility.mouth.toFixed(2),
      face?.mask.occluder[0],
      face?.mask.skin[0],
      face?.mask.own[0],
    ]);
    expect(told.slice(0, 3)).toEqual(Array(3).fill(['1.00', 0, 200, 90]));
    expect(told[3]).toEqual(['0.67', 85, 133, 60]);
    expect(told.slice(5)).toEqual(Array(3).fill(['0.00', 255, 0, 0]));
  });

  it('P4: a face absent for half a second keeps its id', async () => {
    const { finding } = world((index) => (index >= 10 && index < 22 ? [] : [one]));
    const listed = await faces(createFaceTracker(finding, settings), range(0, 25));
    expect(listed.map(([face]) => face?.id)).toEqual(Array(25).fill(0));
    expect(listed.slice(9, 23).map(([face]) => face?.state)).toEqual(['tracked', ...Array(12).fill('held'), 'tracked']);
  });

  it('P4: a face absent for 1.5 s is lost after 1 s, and gets a new id', async () => {
    const { finding } = world((index) => (index >= 10 && index < 48 ? [] : [one]));
    const listed = await ids(createFaceTracker(finding, settings), range(0, 50));
    expect(listed[34]).toEqual([0]);
    expect(listed[35]).toEqual([]);
    expect(listed[47]).toEqual([]);
    expect(listed[48]).toEqual([1]);
  });

  it('P4: a face that leaves the frame is held whatever its presence, and keeps its id when it returns', async () => {
    const outside = (index: number) => index >= 6 && index < 16;
    const x = (index: number) => (index < 6 ? 120 - 30 * index : outside(index) ? -90 : 20);
    const { asked, finding } = world((index) => [{ ...one, x: x(index) }]);
    const tracker = createFaceTracker(
      { ...finding, detect: async (frame, area) => (outside(frame.index) ? [] : finding.detect(frame, area)) },
      settings,
    );
    await faces(tracker, range(0, 6));
    asked.length = 0;
    const listed = await faces(tracker, range(6, 18));
    expect(listed.map(([face]) => face?.id)).toEqual(Array(12).fill(0));
    expect(listed.slice(0, 10).map(([face]) => face?.state)).toEqual(Array(10).fill('held'));
    expect(listed.at(-1)?.[0]?.state).toBe('tracked');
  });

  it('P4: an earlier time ends held faces', async () => {
    const { finding } = world((index) => (index < 2 ? [one] : []));
    const { trackFrame } = createFaceTracker(finding, settings);
    await trackFrame(fakeFrame(0, 10));
    await trackFrame(fakeFrame(1, 10.04));
    expect(await trackFrame(fakeFrame(2, 10.08))).toHaveLength(1);
    expect(await trackFrame(fakeFrame(3, 3))).toEqual([]);
  });

  it('P5: another person at the same position is another face', async () => {
    const { finding } = world((index) => (index < 5 ? [one] : index < 10 ? [] : [{ ...one, person: 1 }]));
    const listed = await ids(createFaceTracker(finding, settings), range(0, 13));
    expect(listed[9]).toEqual([0]);
    expect(listed.slice(10)).toEqual([[1], [1], [1]]);
  });

  it('P5: ids are not reused, and each face keeps its own', async () => {
    const people = [one, { x: 500, y: 300, side: 100 }];
    const { finding } = world((index) => (index > 2 && index < 40 ? people.slice(1) : people));
    const tracker = createFaceTracker(finding, { ...settings, faces: 2 });
    expect(await ids(tracker, [0, 1, 2])).toEqual(Array(3).fill([0, 1]));
    const alone = await ids(tracker, range(3, 40));
    expect([alone[0], alone.at(-1)]).toEqual([[0, 1], [1]]);
    expect((await ids(tracker, range(40, 53))).at(-1)).toEqual([2, 1]);
  });

  it('P5: two faces that cross keep their ids; the one behind is held', async () => {
    const near = (index: number) => ({ x: 180 + 10 * index, y: 240, side: 150, person: 1 });
    const far = (index: number) => ({ x: 460 - 10 * index, y: 240, side: 140, person: 2 });
    const hides = (index: number) => Math.abs(near(index).x - far(index).x) < 80;
    const { finding } = world((index) => (hides(index) ? [near(index)] : [near(index), far(index)]));
    const listed = await faces(createFaceTracker(finding, { ...settings, faces: 2 }), range(0, 29));
    expect(listed.map((all) => all.map(({ id }) => id).sort())).toEqual(Array(29).fill([0, 1]));
    const of = (id: number, index: number) => listed[index]?.find((face) => face.id === id);
    expect(of(1, 14)?.state).toBe('held');
    expect([of(0, 28)?.camera.centre[0], of(1, 28)?.camera.centre[0]]).toEqual([460, 180]);
    expect(of(1, 28)?.state).toBe('tracked');
  });

  it('P5: two people who return at each other’s positions keep their ids', async () => {
    const at = (x: number, person: number) => ({ x, y: 240, side: 150, person });
    const people = (index: number) =>
      index < 5 ? [at(220, 1), at(400, 2)] : index < 12 ? [] : [at(400, 1), at(220, 2)];
    const { finding } = world(people);
    const listed = await faces(createFaceTracker(finding, { ...settings, faces: 2 }), range(0, 14));
    const places = (index: number) => new Map(listed[index]?.map(({ id, camera }) => [id, camera.centre[0]]));
    const before = places(4);
    expect([...before.keys()].sort()).toEqual([0, 1]);
    expect(places(13)).toEqual(new Map([...before].map(([id, x]) => [id, 620 - x])));
  });

  it('P6: the largest face comes first', async () => {
    const { finding } = world(() => [{ x: 500, y: 300, side: 100 }, one, { x: 100, y: 100, side: 120 }]);
    const found = await createFaceTracker(finding, { ...settings, faces: 2 }).trackFrame(fakeFrame(0));
    expect(found.map(({ crop }) => Math.round(crop.side))).toEqual([150, 120]);
  });

  it('P6: of two new tracks on the same face one is kept', async () => {
    const { finding } = world((index) => [one, { ...one, x: index === 0 ? 370 : 310 }]);
    const listed = await ids(createFaceTracker(finding, { ...settings, faces: 2 }), range(0, 6));
    expect(listed[0]).toHaveLength(2);
    expect(listed[1]).toHaveLength(1);
    expect(listed.at(-1)).toEqual(listed[1]);
  });

  it('P6: a visible face replaces a held one', async () => {
    const { finding } = world((index) => (index < 5 ? [one] : [{ ...one, x: 550, person: 1 }]));
    expect(await ids(createFaceTracker(finding, settings), [3, 4, 5, 6])).toEqual([[0], [0], [1], [1]]);
  });

  it('P7: further faces are searched for on every tenth frame, in a copy, after the frame’s faces are delivered', async () => {
    const { asked, copies, finding } = world((index) => (index < 5 ? [one] : [one, { x: 500, y: 300, side: 100 }]));
    const tracker = createFaceTracker(finding, { ...settings, faces: 2 });
    await faces(tracker, range(0, 10));
    asked.length = 0;
    expect(await tracker.trackFrame(fakeFrame(10))).toMatchObject([{ id: 0, state: 'tracked' }]);
    expect(asked).toEqual(['single']);
    await tracker.runDeferredSearch();
    expect(asked).toEqual(['single', 'short', 'single', 'mirrored', 'verify']);
    expect(copies.map(({ image }) => image.closed)).toEqual([1]);
    asked.length = 0;
    expect(await faces(tracker, [11, 12])).toMatchObject([
      [
        { id: 0, state: 'tracked' },
        { id: 1, state: 'found' },
      ],
      [
        { id: 0, state: 'tracked' },
        { id: 1, state: 'tracked' },
      ],
    ]);
    expect(asked).toEqual(Array(4).fill('single'));
  });

  it('P7: a missed face is searched for more often while others are seen', async () => {
    const there = { x: 500, y: 300, side: 100, person: 1 };
    const { asked, finding } = world((index) =>
      index < 3 ? [one, there] : index < 6 ? [one] : [one, { ...there, y: 210 }],
    );
    const tracker = createFaceTracker(finding, { ...settings, faces: 2 });
    await faces(tracker, range(0, 3));
    asked.length = 0;
    const listed = await ids(tracker, range(3, 12));
    expect(listed).toEqual(Array(9).fill([0, 1]));
    expect(asked.filter((what) => what === 'short')).toHaveLength(2);
  });

  it('P7: while no face is visible, held ones included, the search is immediate', async () => {
    const { asked, finding } = world((index) => [{ ...one, presence: index === 2 ? 0.2 : 1 }]);
    const tracker = createFaceTracker(finding, { ...settings, faces: 2 });
    await faces(tracker, [0, 1]);
    asked.length = 0;
    await tracker.trackFrame(fakeFrame(2));
    expect(asked).toContain('short');
  });

  it('P9: a failing search rejects the next frame only; copies are closed', async () => {
    const { copies, finding } = world(() => [one]);
    const detect: FaceFinding['detect'] = (frame, area) =>
      frame.index < 10 ? finding.detect(frame, area) : Promise.reject(new Error('no detector'));
    const tracker = createFaceTracker({ ...finding, detect }, { ...settings, faces: 2 });
    expect((await ids(tracker, range(0, 11))).at(-1)).toEqual([0]);
    await expect(tracker.trackFrame(fakeFrame(11))).rejects.toThrow('no detector');
    await tracker.runDeferredSearch();
    expect(await ids(tracker, [12])).toEqual([[0]]);
    expect(copies.map(({ image }) => image.closed)).toEqual([1]);
  });

  it('P8: the full range runs when the short range finds nothing, not on every frame', async () => {
    const { asked, finding } = world(() => []);
    await faces(createFaceTracker(finding, settings), [0, 1, 2, 3, 4]);
    const blind = ['short', 'short turned 2', 'short', 'tile'];
    expect(asked).toEqual(['short', 'full', ...blind, 'short', 'full', 'short', 'full turned 2']);
  });

  it('P19: a turned face is found within 0.8 s, a small one within 3 s', async () => {
    const turned = { ...one, turns: 3 };
    const small = { x: 611, y: 455, side: 22, far: true, small: true };
    for (const [person, frames] of [
      [turned, 20],
      [small, 75],
    ] as const) {
      const { finding } = world(() => [person]);
      expect((await faces(createFaceTracker(finding, settings), range(0, frames))).at(-1)).toHaveLength(1);
    }
  });

  it('P19: a detection with a low score is tried on the first frame', async () => {
    const { finding } = world(() => [{ ...one, score: 0.2 }]);
    expect(await createFaceTracker(finding, settings).trackFrame(fakeFrame(0))).toHaveLength(1);
  });

  it('P20: what is not verified is not a face', async () => {
    const { finding } = world(() => [{ ...one, deviation: 0.08 }]);
    expect((await faces(createFaceTracker(finding, settings), range(0, 6))).flat()).toEqual([]);
  });

  const cutAt = (frame: number) => (index: number) => (index < frame ? 0 : 1);

  it('P22: a cut ends a track at once; the face of the next shot is found in its first frame', async () => {
    const shots = (index: number) => (index < 5 ? [{ ...one, person: 1 }] : [{ ...one, x: 520, person: 2 }]);
    const { finding } = world(shots, cutAt(5));
    expect(await ids(createFaceTracker(finding, { ...settings, faces: 4 }), [3, 4, 5, 6])).toEqual([
      [0],
      [0],
      [1],
      [1],
    ]);
  });

  it('P22: a held face ends at a cut', async () => {
    const { finding } = world((index) => (index < 5 ? [one] : []), cutAt(8));
    const listed = await ids(createFaceTracker(finding, settings), range(3, 10));
    expect(listed.map((all) => all.length)).toEqual([1, 1, 1, 1, 1, 0, 0]);
  });

  it('P22: another person at the same place after a cut is another face, the same person is not', async () => {
    for (const [person, id] of [
      [2, 1],
      [1, 0],
    ] as const) {
      const { finding } = world((index) => [{ ...one, person: index < 5 ? 1 : person }], cutAt(5));
      expect(await ids(createFaceTracker(finding, settings), [3, 4, 5, 6])).toEqual([[0], [0], [id], [id]]);
    }
  });

  it('P22: a missed face ends if its person is found elsewhere', async () => {
    const { finding } = world((index) => [{ ...one, x: index < 5 ? 120 : 560, person: 1 }]);
    const tracker = createFaceTracker(finding, { ...settings, faces: 4 });
    expect(await ids(tracker, [3, 4, 5, 6])).toEqual([[0], [0], [1], [1]]);
  });

  it('P7: eight faces are tracked, found four and two at a time', async () => {
    const row = Array.from({ length: 9 }, (_, i) => ({ x: 40 + 70 * i, y: 240, side: 60 - i, person: i }));
    const { finding } = world(() => row);
    const tracker = createFaceTracker(finding, { ...settings, faces: 8 });
    expect((await ids(tracker, range(0, 6))).map((listed) => listed.length)).toEqual([4, 4, 6, 8, 8, 8]);
  });

  it.each([0.3, Number.NaN])('P8: a detection of presence %d is not a face', async (presence) => {
    const { finding } = world(() => [{ ...one, presence }]);
    expect(await createFaceTracker(finding, settings).trackFrame(fakeFrame(0))).toEqual([]);
  });

  it('P4: a presence of NaN is a miss', async () => {
    const { finding } = world((index) => [{ ...one, presence: index === 1 || index === 2 ? Number.NaN : 1 }]);
    const { trackFrame } = createFaceTracker(finding, settings);
    await trackFrame(fakeFrame(0));
    expect(await trackFrame(fakeFrame(1))).toMatchObject([{ state: 'held', presence: 0 }]);
  });

  it('P9: a failing inference rejects its frame; the next frame tracks the same face', async () => {
    const { finding } = world(() => [one]);
    let failing = false;
    const inferTracked: FaceFinding['inferTracked'] = (frame, crop) =>
      failing ? Promise.reject(new Error('no')) : finding.inferTracked(frame, crop);
    const tracker = createFaceTracker({ ...finding, inferTracked }, settings);
    await tracker.trackFrame(fakeFrame(0));
    failing = true;
    await expect(tracker.trackFrame(fakeFrame(1))).rejects.toThrow('no');
    failing = false;
    expect(await tracker.trackFrame(fakeFrame(2))).toMatchObject([{ id: 0, state: 'tracked' }]);
  });
});

describe('findStillFaces', () => {
  it('P2: runs two inferences and a multi-crop inference on each detection', async () => {
    const { asked, finding } = world(() => [one]);
    expect(await findStillFaces(fakeFrame(0), finding, settings)).toMatchObject([{ id: 0, state: 'found' }]);
    expect(asked).toEqual(['short', 'single', 'mirrored', 'verify', 'multi-crop']);
  });

  it('P2: repeats inference while the crop moves, four times at most', async () => {
    const { crops, finding } = world(() => [one]);
    const hesitant = (share: number): FaceFinding => {
      const inferCrop: FaceFinding['inferCrop'] = async (frame, crop) => {
        await finding.inferCrop(frame, crop);
        const x = crop.centreX + share * (one.x - crop.centreX);
        return seenFace(x, one.y, one.side, 1, crop);
      };
      return { ...finding, inferCrop, inferMirrored: inferCrop };
    };
    const far = { ...finding, detect: async () => [detectionOf({ ...one, x: 240 })] };
    await findStillFaces(fakeFrame(0), { ...hesitant(0.7), detect: far.detect }, settings);
    expect(crops.map(({ centreX }) => Math.round(centreX))).toEqual([240, 282, 295, 298]);
    crops.length = 0;
    await findStillFaces(fakeFrame(0), { ...hesitant(0.2), detect: far.detect }, settings);
    expect(crops).toHaveLength(4 + 1);
  });

  it('P18: runs multi-crop inference on faces only, not on other detections', async () => {
    const people = [one, { x: 100, y: 100, side: 100 }, { x: 500, y: 300, side: 60, presence: 0.1 }];
    const { asked, crops, finding } = world(() => people);
    await findStillFaces(fakeFrame(0), finding, { ...settings, faces: 4 });
    const ways = asked.filter((way) => ['single', 'mirrored', 'multi-crop'].includes(way));
    const seen = crops.filter((_, i) => ways[i] === 'multi-crop');
    expect(seen.map(({ centreX }) => Math.round(centreX))).toEqual([one.x, 100]);
  });

  it('P18: uses the multi-crop result where its presence reaches the threshold', async () => {
    const said = (presence: number): FaceFinding => ({
      ...world(() => [one]).finding,
      inferMultiCrop: async (_, crop) => seenFace(one.x + 3, one.y, one.side, presence, crop),
    });
    const [sure] = await findStillFaces(fakeFrame(0), said(0.8), settings);
    expect(sure?.presence).toBe(0.8);
    for (const presence of [0.1, Number.NaN]) {
      expect(await findStillFaces(fakeFrame(0), said(presence), settings)).toMatchObject([{ presence: 1, id: 0 }]);
    }
  });

  it('P8: continues with the next detection, then with the full range, when the presence is low', async () => {
    const people = [
      { ...one, presence: 0.1 },
      { x: 100, y: 100, side: 100, presence: 0.2 },
      { x: 500, y: 300, side: 60, far: true },
    ];
    const { asked, finding } = world(() => people);
    const found = await findStillFaces(fakeFrame(0), finding, settings);
    expect(found.map(({ crop }) => Math.round(crop.side))).toEqual([60]);
    expect(asked.filter((what) => what === 'short' || what === 'full')).toEqual(['short', 'full']);
  });

  it('P8: tries the full range for a doubtful face, and keeps the one with the higher presence', async () => {
    const doubtful = { ...one, presence: 0.97 };
    const far = { x: 500, y: 300, side: 60, far: true };
    const { asked, finding } = world(() => [doubtful, { ...far, presence: 0.995 }]);
    const found = await findStillFaces(fakeFrame(0), finding, settings);
    expect(found.map(({ crop }) => Math.round(crop.side))).toEqual([60]);
    expect(asked.filter((what) => what === 'short' || what === 'full')).toEqual(['short', 'full']);
    const { finding: less } = world(() => [doubtful, { ...far, presence: 0.6 }]);
    const kept = await findStillFaces(fakeFrame(0), less, settings);
    expect(kept.map(({ crop }) => Math.round(crop.side))).toEqual([Math.round(one.side)]);
  });

  it('P19: finds small faces in tiles, largest first', async () => {
    const row = Array.from({ length: 12 }, (_, i) => ({
      x: 30 + 50 * i,
      y: 300,
      side: 24 + i,
      far: true,
      small: true,
    }));
    const { finding } = world(() => row);
    const found = await findStillFaces(fakeFrame(0), finding, { ...settings, faces: 64 });
    expect(found.map(({ crop }) => Math.round(crop.side))).toEqual(row.map(({ side }) => side).reverse());
  });

  it.each([1, 2, 3])('P19: finds a face that is upright after %d quarter turns', async (turns) => {
    const { finding } = world(() => [{ ...one, turns, score: 0.45 }]);
    expect(await findStillFaces(fakeFrame(0), finding, settings)).toHaveLength(1);
  });

  it('P19: a found face ends the search in turned frames and tiles', async () => {
    const { asked, finding } = world(() => [{ ...one, presence: 0.9, score: 0.3 }]);
    expect(await findStillFaces(fakeFrame(0), finding, settings)).toHaveLength(1);
    expect(asked.filter((what) => what === 'tile' || what.includes('turned'))).toEqual([]);
  });

  it('P20: where the confidence is low, other rotations are tried, and the most confident one is taken', async () => {
    const { finding } = world(() => [{ ...one, deviation: 0.04 }]);
    const isTurned = (angle: number) => Math.abs(Math.cos(angle) + 1) < 1e-6;
    const turnedFace = (crop: Crop) => {
      const face = seenFace(one.x, one.y, one.side, 1, crop);
      const { landmarks478 } = face;
      return { ...face, landmarks478: landmarks478.map((v, i) => (i % 3 === 2 ? v : 2 * (i % 3 ? one.y : one.x) - v)) };
    };
    const see: FaceFinding['inferCrop'] = async (frame, crop) =>
      isTurned(crop.angle) ? turnedFace(crop) : finding.inferMirrored(frame, crop);
    const both: FaceFinding = {
      ...finding,
      inferCrop: see,
      inferMirrored: see,
      verifyFace: async (frame, face) => (isTurned(face.crop.angle) ? 0.9 : finding.verifyFace(frame, face)),
    };
    const [face] = await createFaceTracker(both, settings).trackFrame(fakeFrame(0));
    expect(isTurned(face?.crop.angle ?? 0)).toBe(true);
  });

  it('P6: detections of the same face count once', async () => {
    const { finding } = world(() => [one, { ...one, x: 305 }]);
    expect(await findStillFaces(fakeFrame(0), finding, { ...settings, faces: 4 })).toHaveLength(1);
  });
});

describe('isSameFace', () => {
  const crop = { centreX: 0, centreY: 0, side: 100, angle: 0 };
  it.each([
    ['a mouth', { ...crop, centreY: 20, side: 30 }, true],
    ['half a face', { ...crop, centreX: 20, side: 70 }, true],
    ['a child in front of the chin', { ...crop, centreY: 40, side: 50 }, false],
    ['a neighbour', { ...crop, centreX: 60 }, false],
  ])('P6: %s', (_, other, same) => {
    expect([isSameFace(crop, other), isSameFace(other, crop)]).toEqual([same, same]);
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
