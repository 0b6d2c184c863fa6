import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { validateBytes } from 'gltf-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXPORT_FILES } from '../../tools/track/exports.mjs';
import { writeShortClip } from './short-clip';
import { freshFolder, readLines, runTrack, track, writePictures } from './tracker';

const folder = freshFolder();
const CLIP = join(folder, 'clip.mp4');

beforeAll(() => writeShortClip(CLIP, 12));
afterAll(() => rmSync(folder, { recursive: true }));

describe('track --export', { timeout: 300_000 }, () => {
  it('H13 writes the animations of the face in most frames', async () => {
    const out = join(folder, 'out');
    await track([CLIP, '--out', out, '--smooth', '--export', Object.keys(EXPORT_FILES).join(',')]);
    const times = readLines(out).flatMap(({ faces, time }) => (faces.length > 0 ? [Number(time)] : []));
    const read = (name: keyof typeof EXPORT_FILES) => readFileSync(join(out, EXPORT_FILES[name]));
    const rows = read('csv').toString('utf8').trimEnd().split('\n').slice(1);
    expect(rows.length).toBeGreaterThanOrEqual(times.length);
    const [first = 0] = times;
    expect(Number(rows.at(-1)?.split(',')[0])).toBeCloseTo((times.at(-1) ?? 0) - first, 4);
    expect(read('llf').toString('utf8').split('\n')[0]?.split(',')).toHaveLength(63);
    expect(read('bvh').toString('utf8')).toMatch(/^HIERARCHY\nROOT Head/);
    expect(JSON.parse(read('arkit').toString('utf8').split('\n')[0] ?? '').isTracked).toBe(true);
    for (const name of ['glb', 'vrma'] as const) {
      const { issues } = await validateBytes(new Uint8Array(read(name)));
      expect(issues.messages.filter(({ severity }) => severity <= 1)).toEqual([]);
    }
    const again = await runTrack([CLIP, '--out', out, '--export', 'glb']);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('animation.glb')]);
  });

  it('H13 refuses pictures and unknown formats before anything is written', async () => {
    const out = join(folder, 'none');
    const pictures = writePictures(join(folder, 'pictures'), { 'a.jpg': readFileSync('test/fixtures/hand.jpg') });
    const stills = await runTrack([pictures, '--out', out, '--export', 'glb']);
    expect([stills.code, stills.stderr]).toEqual([2, expect.stringContaining('there is no video in the input')]);
    const unknown = await runTrack([CLIP, '--out', out, '--export', 'fbx']);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('must be a list of llf, glb')]);
    expect(existsSync(out)).toBe(false);
  });
});
