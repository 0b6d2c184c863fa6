import { describe, expect, it } from 'vitest';
import { eyeAngles, headAngles } from '../../../src/face/angles';
import { REGIONS } from '../../../src/face/types';
import { arkitLines } from '../../../src/recording/export/arkit-lines';
import { bvh } from '../../../src/recording/export/bvh';
import { expressionAt, rotationAt, visibilityAt } from '../../../src/recording/export/face-track';
import { LIVE_LINK_COLUMNS, liveLinkCsv, timecode } from '../../../src/recording/export/live-link-csv';
import { PLAIN_COLUMNS, plainCsv } from '../../../src/recording/export/plain-csv';
import { someTrack, textOf } from './some-track';

const rowsOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));

describe('liveLinkCsv', () => {
  it('EX7 has the 63 columns of the app, with the right side before the left for jaw and mouth', () => {
    expect(LIVE_LINK_COLUMNS).toHaveLength(63);
    expect(LIVE_LINK_COLUMNS.slice(0, 3)).toEqual(['Timecode', 'BlendShapeCount', 'EyeBlinkLeft']);
    const order = [
      'JawForward',
      'JawRight',
      'JawLeft',
      'JawOpen',
      'MouthClose',
      'MouthFunnel',
      'MouthPucker',
      'MouthRight',
      'MouthLeft',
      'MouthSmileLeft',
    ];
    expect(LIVE_LINK_COLUMNS.slice(16, 26)).toEqual(order);
    expect(LIVE_LINK_COLUMNS.slice(53)).toEqual([
      'TongueOut',
      'HeadYaw',
      'HeadPitch',
      'HeadRoll',
      'LeftEyeYaw',
      'LeftEyePitch',
      'LeftEyeRoll',
      'RightEyeYaw',
      'RightEyePitch',
      'RightEyeRoll',
    ]);
    expect(new Set(LIVE_LINK_COLUMNS).size).toBe(63);
  });

  it('EX7 writes 61 values with ten decimals, under their columns', async () => {
    const track = await someTrack();
    const [header, ...rows] = rowsOf(textOf(liveLinkCsv(track)));
    expect(rows).toHaveLength(40);
    for (const row of rows) {
      expect(row).toHaveLength(63);
      expect(row[1]).toBe('61');
      expect(row.slice(2).every((value) => /^-?\d+\.\d{10}$/.test(value))).toBe(true);
    }
    const value = (name: string) => Number(rows[9]?.[header?.indexOf(name) ?? -1]);
    const expression = expressionAt(track, 9);
    expect(value('JawLeft')).toBeCloseTo(expression[15] ?? Number.NaN, 6);
    expect(value('JawRight')).toBeCloseTo(expression[16] ?? Number.NaN, 6);
    expect(value('TongueOut')).toBeCloseTo(expression[51] ?? Number.NaN, 6);
    // The slopes of the app's recordings: an eye that looks to the nose turns the left eye to the subject's right.
    const [inward, outward] = [expression[2] ?? 0, expression[3] ?? 0];
    expect(value('LeftEyeYaw')).toBeCloseTo(0.62 * inward - 0.58 * outward, 5);
    expect(rows[0]?.[0]).toBe('00:00:02:00.000');
  });

  it('EX7 counts 60 frames per second in the time code', () => {
    expect(timecode(0)).toBe('00:00:00:00.000');
    expect(timecode(12 * 3600 + 27 * 60 + 47 + 47.169 / 60)).toBe('12:27:47:47.169');
    expect(timecode(59.9999999)).toBe('00:01:00:00.000');
    expect(timecode(25 * 3600)).toBe('01:00:00:00.000');
  });
});

describe('plainCsv', () => {
  it('EX8 has a column for each value, with the visibility of each region', async () => {
    const track = await someTrack();
    const [header, ...rows] = rowsOf(textOf(plainCsv(track)));
    expect(header).toEqual([...PLAIN_COLUMNS]);
    expect(header?.slice(-10)).toEqual(REGIONS.map((name) => `visibility_${name}`));
    expect(rows).toHaveLength(40);
    for (const row of rows) expect(row).toHaveLength(PLAIN_COLUMNS.length);
    const value = (name: string) => Number(rows[9]?.[header?.indexOf(name) ?? -1]);
    const { yaw } = headAngles(rotationAt(track, 9));
    expect(Math.abs(yaw)).toBeGreaterThan(0.1);
    expect(value('time')).toBeCloseTo(track.times[9] ?? Number.NaN, 6);
    expect(value('seen')).toBe(1);
    expect(value('jawOpen')).toBeCloseTo(expressionAt(track, 9)[17] ?? Number.NaN, 4);
    expect(value('headYaw')).toBeCloseTo((yaw * 180) / Math.PI, 2);
    expect(value('headRotation_w')).toBeCloseTo(rotationAt(track, 9)[3], 5);
    expect(value('headPosition_z')).toBeCloseTo(-591, 2);
    expect(value('visibility_mouth')).toBeCloseTo(visibilityAt(track, 9)[REGIONS.indexOf('mouth')] ?? Number.NaN, 4);
  });
});

describe('arkitLines', () => {
  it('EX8 has 52 blend shapes and a transform in metres', async () => {
    const track = await someTrack();
    const [first] = textOf(arkitLines(track)).split('\n');
    const line = JSON.parse(first ?? '');
    expect(Object.keys(line.blendShapes)).toHaveLength(52);
    expect(line.transform).toHaveLength(16);
    expect(line.transform.slice(12)).toEqual([0, 0.005, -0.6, 1]);
    expect(line.isTracked).toBe(true);
    const expression = expressionAt(track, 0);
    expect(line.blendShapes.jawOpen).toBeCloseTo(expression[17] ?? Number.NaN, 4);
    expect(line.leftEye.yaw).toBeCloseTo(eyeAngles(expression, 'Left').yaw, 4);
    expect(Object.keys(line.visibility)).toEqual([...REGIONS]);
    expect(line.visibility.mouth).toBeCloseTo(visibilityAt(track, 0)[REGIONS.indexOf('mouth')] ?? Number.NaN, 4);
  });
});

describe('bvh', () => {
  it('EX9 has even frames, in centimetres and degrees', async () => {
    const track = await someTrack();
    const lines = textOf(bvh(track)).trimEnd().split('\n');
    const start = lines.indexOf('MOTION');
    expect(lines[start + 1]).toBe(`Frames: ${lines.length - start - 3}`);
    const rate = 1 / Number(lines[start + 2]?.split(': ')[1]);
    expect(rate).toBeCloseTo(39 / (track.times.at(-1) ?? 0), 3);
    const first = lines[start + 3]?.split(' ').map(Number);
    expect(first).toHaveLength(6);
    expect(first?.slice(0, 3)).toEqual([0, 0.5, -60]);
    // At the start, the head turns by 0.2 rad about z only.
    expect(first?.[3]).toBeCloseTo((0.2 * 180) / Math.PI, 3);
  });
});
