import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EXPRESSION_NAMES, REGIONS } from '../../src/face/types';
import { bvh } from '../../src/recording/export/bvh';
import {
  expressionAt,
  type FaceTrack,
  rotationAt,
  translationAt,
  visibilityAt,
} from '../../src/recording/export/face-track';
import { headGlb } from '../../src/recording/export/head-glb';
import { liveLinkCsv } from '../../src/recording/export/live-link-csv';
import { resample } from '../../src/recording/export/resample';
import { bytesOf, faceModel, someTrack, textOf } from '../recording/export/some-track';

/** Debian's Blender; these tests are left out where it is not installed. */
const BLENDER = process.env.PEEKABOO_BLENDER ?? 'blender';
const isInstalled = spawnSync(BLENDER, ['--version']).status === 0;
const FPS = 30;
const FRAMES = [0, 3, 7, 11, 15, 19, 23, 27, 31, 36];
const LIMIT = 180_000;

const folder = mkdtempSync(join(tmpdir(), 'peekaboo-blender-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Read {
  readonly keys: string[];
  readonly frames: {
    values: number[];
    rotation: number[];
    translation: number[];
    visibility: Record<string, number>;
  }[];
}

function runBlender(script: string, args: readonly (string | number)[]): Read {
  const path = new URL(`./blender/${script}`, import.meta.url).pathname;
  const all = ['-b', '--factory-startup', '--python-exit-code', '1', '-P', path, '--', ...args.map(String)];
  const { stdout, stderr, status } = spawnSync(BLENDER, all, { encoding: 'utf8', timeout: LIMIT });
  const line = stdout.split('\n').find((text) => text.startsWith('RESULT '));
  if (status !== 0 || !line) throw new Error(`Blender failed: ${stderr.slice(-2000)}${stdout.slice(-1000)}`);
  return JSON.parse(line.slice(7));
}

/** The largest difference; NaN for a missing value. */
function distance(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found).toHaveLength(expected.length);
  return Math.max(...Array.from(expected, (value, i) => Math.abs(value - (found[i] ?? Number.NaN))));
}

type Placed = Pick<Read['frames'][number], 'rotation' | 'translation'>;

/** Compares the head of sample `i` in Blender's axes: (x, −z, y), and w is first. `unit`: millimetres. */
function expectHead({ rotation, translation }: Placed, track: FaceTrack, i: number, unit: number, limit: number): void {
  const [x, y, z, w] = rotationAt(track, i);
  const sign = Math.sign(w * (rotation[0] ?? 0)) || 1;
  const turned = [w, x, -z, y].map((value) => sign * value);
  expect(distance(rotation, turned)).toBeLessThan(1e-4);
  const [tx, ty, tz] = translationAt(track, i);
  expect(distance(translation, [tx / unit, -tz / unit, ty / unit])).toBeLessThan(limit);
}

describe.skipIf(!isInstalled)('Blender', () => {
  it(
    'EX12 imports the GLB: shape keys, head and visibility agree at ten frames',
    async () => {
      const track = resample(await someTrack(), FPS);
      const file = join(folder, 'head.glb');
      writeFileSync(file, bytesOf(headGlb(track, faceModel())));
      const { keys, frames } = runBlender('read_glb.py', [file, FPS, ...FRAMES]);
      expect(keys).toEqual([...EXPRESSION_NAMES]);
      for (const [k, frame] of FRAMES.entries()) {
        const { values, visibility, ...head } = frames[k] ?? expect.fail('a frame is missing');
        expect(distance(values, expressionAt(track, frame))).toBeLessThan(1e-4);
        expectHead(head, track, frame, 1000, 1e-4);
        const seen = REGIONS.map((region) => visibility[`visibility_${region}`] ?? Number.NaN);
        expect(distance(seen, visibilityAt(track, frame))).toBeLessThan(1e-4);
      }
    },
    LIMIT,
  );

  it(
    'EX12 plays the Live Link CSV and the BVH',
    async () => {
      const track = resample(await someTrack(), FPS);
      const written = (name: string, content: string | Uint8Array) => {
        writeFileSync(join(folder, name), content);
        return join(folder, name);
      };
      const { frames } = runBlender('read_tables.py', [
        written('head.glb', bytesOf(headGlb(track, faceModel()))),
        written('take.csv', textOf(liveLinkCsv(track))),
        written('head.bvh', textOf(bvh(track))),
        FPS,
        ...FRAMES,
      ]);
      for (const [k, frame] of FRAMES.entries()) {
        const { values, ...head } = frames[k] ?? expect.fail('a frame is missing');
        expect(distance(values, expressionAt(track, frame))).toBeLessThan(1e-4);
        expectHead(head, track, frame, 10, 1e-3);
      }
    },
    LIMIT,
  );
});
