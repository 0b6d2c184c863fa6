import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EXPRESSION_NAMES } from '../../src/face/types';
import { bvh } from '../../src/recording/export/bvh';
import { expressionAt, rotationAt, translationAt, visibilityAt } from '../../src/recording/export/face-track';
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

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - (b[i] ?? Number.NaN))));
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
        const { values, rotation, translation, visibility } = frames[k] ?? expect.fail('a frame is missing');
        expect(distance(values, expressionAt(track, frame))).toBeLessThan(1e-4);
        // Blender's axes are (x, −z, y), and w is first.
        const [x, y, z, w] = rotationAt(track, frame);
        const sign = Math.sign(w * (rotation[0] ?? 0)) || 1;
        expect(
          distance(
            rotation,
            [w, x, -z, y].map((value) => sign * value),
          ),
        ).toBeLessThan(1e-4);
        const [tx, ty, tz] = translationAt(track, frame);
        expect(distance(translation, [tx / 1000, -tz / 1000, ty / 1000])).toBeLessThan(1e-4);
        expect(distance([visibility.visibility_mouth ?? 0], [visibilityAt(track, frame)[5] ?? 0])).toBeLessThan(1e-4);
      }
    },
    LIMIT,
  );

  it(
    'EX12 plays the Live Link CSV and the BVH',
    async () => {
      const track = resample(await someTrack(), FPS);
      const [csv, motion, glb] = ['take.csv', 'head.bvh', 'head.glb'].map((name) => join(folder, name));
      writeFileSync(csv ?? '', textOf(liveLinkCsv(track)));
      writeFileSync(motion ?? '', textOf(bvh(track)));
      writeFileSync(glb ?? '', bytesOf(headGlb(track, faceModel())));
      const { frames } = runBlender('read_tables.py', [glb ?? '', csv ?? '', motion ?? '', FPS, ...FRAMES]);
      for (const [k, frame] of FRAMES.entries()) {
        const { values, rotation, translation } = frames[k] ?? expect.fail('a frame is missing');
        expect(distance(values, expressionAt(track, frame))).toBeLessThan(1e-4);
        const [x, y, z, w] = rotationAt(track, frame);
        const sign = Math.sign(w * (rotation[0] ?? 0)) || 1;
        expect(
          distance(
            rotation,
            [w, x, -z, y].map((value) => sign * value),
          ),
        ).toBeLessThan(1e-4);
        const [tx, ty, tz] = translationAt(track, frame);
        expect(distance(translation, [tx / 10, -tz / 10, ty / 10])).toBeLessThan(1e-3);
      }
    },
    LIMIT,
  );
});
