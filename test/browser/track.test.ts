import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { faceFound, nothingMasked } from './checks';
import { openBrowser, openWatched } from './harness';
import { drawPictures } from './pictures';
import { writeShortClip } from './short-clip';
import { freshFolder, interruptTrack, readLines, readMask, runTrack, track, writePictures } from './tracker';

const FRAMES = 30;
const folder = freshFolder();
const pictures = join(folder, 'pictures');
const clip = join(folder, 'clip.mp4');

/** A grey picture as PNG; it compresses to a few kilobytes. */
function greyPicture(width: number, height: number): Buffer {
  return PNG.sync.write(
    Object.assign(new PNG({ width, height, colorType: 0 }), { data: Buffer.alloc(4 * width * height, 120) }),
  );
}

beforeAll(async () => {
  await writeShortClip(clip, FRAMES);
  const browser = await openBrowser();
  const { page } = await openWatched(browser);
  const [first, second] = await drawPictures(page, [{ time: 1 }, { time: 20 }]);
  await browser.close();
  writePictures(pictures, {
    'b.jpg': first ?? '',
    'a.jpg': second ?? '',
    'broken.png': 'no picture',
    'notes.txt': 'x',
  });
});

describe('track', () => {
  it('H1 a folder of pictures: one line each in order, masks, meshes, overlays; the unreadable is named and skipped', async () => {
    const out = join(folder, 'out');
    const run = await runTrack([pictures, '--out', out, '--provider', 'wasm', '--masks', '--meshes', '--overlay']);
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('broken.png: skipped');
    expect(run.stdout).toContain('2 images, 1 skipped');
    const lines = readLines(out);
    expect(lines.map(({ file }) => file)).toEqual(['a.jpg', 'b.jpg']);
    expect(faceFound(lines)).toBeNull();
    for (const name of ['a', 'b']) {
      const mask = readMask(out, name);
      expect([mask.width, mask.height]).toEqual([640, 480]);
    }
    expect(nothingMasked(readMask(out, 'b'), lines[1] ?? { width: 0, height: 0, faces: [] })).toBeNull();
    expect(readdirSync(join(out, 'meshes')).toSorted()).toEqual([
      ...['a.mtl', 'a.obj', 'a.png'],
      ...['b.mtl', 'b.obj', 'b.png'],
      'landmarks7.json',
    ]);
    expect(readFileSync(join(out, 'overlay/a.jpg')).subarray(0, 2).toString('hex')).toBe('ffd8');
  });

  it('H2 meshes keep their topology and carry their seven points', () => {
    const read = (name: string) => readFileSync(join(folder, 'out/meshes', name), 'utf8');
    const [a, b] = [read('a.obj'), read('b.obj')];
    const faces = (text: string) => text.split('\n').filter((line) => line.startsWith('f '));
    expect(faces(a).length).toBeGreaterThan(1000);
    expect(faces(a)).toEqual(faces(b));
    expect(a).not.toBe(b);
    const landmarks: Record<string, number[][]> = JSON.parse(read('landmarks7.json'));
    expect(Object.keys(landmarks).toSorted()).toEqual(['a', 'b']);
    for (const point of landmarks.a ?? []) expect(a).toContain(`v ${point.join(' ')}\n`);
  });

  it('H3 a video: every frame, in order, with its time and one identity', async () => {
    const out = join(folder, 'video');
    await track([clip, '--out', out, '--provider', 'wasm', '--masks']);
    const lines = readLines(out);
    expect(lines.map(({ index }) => index)).toEqual(Array.from({ length: FRAMES }, (_, i) => i));
    const times = lines.map(({ time }) => Number(time));
    expect(times.every((time, i) => i === 0 || time > (times[i - 1] ?? 0))).toBe(true);
    expect(faceFound(lines)).toBeNull();
    expect(new Set(lines.map(({ faces }) => (faces[0] as unknown as { id: number }).id)).size).toBe(1);
    expect(readdirSync(join(out, 'masks'))).toHaveLength(FRAMES);
    const mask = PNG.sync.read(readFileSync(join(out, 'masks/000000.png')));
    expect([mask.width, mask.height]).toEqual([400, 300]);
  });

  it.each([
    [['nowhere.mp4', '--out', 'x'], 'nowhere.mp4: no such file'],
    [['package.json', '--out', 'x'], 'package.json: neither an image'],
    [['docs', '--out', 'x', '--faces', '65'], '--faces'],
    [['docs'], '--out'],
    [['tools/test', '--out', 'x'], 'no images or videos'],
  ])('H4 bad input ends with code 2 and says why: %s', async (args, reason) => {
    const run = await runTrack(args);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(reason);
    expect(existsSync('x')).toBe(false);
  });

  it('H5 a bundle that is not there, and one with a single byte changed, end with code 2 and say why', async () => {
    const missing = await runTrack([pictures, '--out', join(folder, 'x'), '--bundle', 'no-such-bundle']);
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('no-such-bundle')]);

    const damaged = join(folder, 'damaged');
    cpSync(`public/models/${inject('bundle')}`, damaged, { recursive: true });
    const network = readFileSync(join(damaged, 'network.onnx'));
    network[network.length >> 1] = (network[network.length >> 1] ?? 0) ^ 1;
    writeFileSync(join(damaged, 'network.onnx'), network);
    const refused = await runTrack([pictures, '--out', join(folder, 'x'), '--bundle', damaged, '--provider', 'wasm']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/network\.onnx/);
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });

  it('H6 a video that is none ends with code 2 and its name', async () => {
    const fake = join(writePictures(join(folder, 'fake'), { 'fake.mp4': 'no video' }), 'fake.mp4');
    const run = await runTrack([fake, '--out', join(folder, 'fake-out'), '--provider', 'wasm']);
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('fake.mp4')]);
    expect(existsSync(join(folder, 'fake-out'))).toBe(false);
  });

  it('H7 damaged and truncated videos: the rest is tracked, each fault is named, the exit code is 3', async () => {
    const bytes = readFileSync(clip);
    const media = bytes.indexOf('mdat');
    const damaged = Buffer.from(bytes);
    damaged.fill(0x5a, media + 3000, media + 9000);
    const index = bytes.indexOf('moov');
    expect(index).toBeGreaterThan(0);
    const folderOfVideos = join(folder, 'videos');
    mkdirSync(folderOfVideos);
    writeFileSync(join(folderOfVideos, 'damaged.mp4'), damaged);
    writeFileSync(join(folderOfVideos, 'cut.mp4'), bytes.subarray(0, Math.round(0.7 * bytes.length)));
    cpSync(clip, join(folderOfVideos, 'whole.mp4'));
    const out = join(folder, 'videos-out');
    const run = await runTrack([folderOfVideos, '--out', out, '--provider', 'wasm', '--smooth']);
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('damaged.mp4');
    expect(run.stderr).toContain('cut.mp4');
    expect(run.stderr).not.toMatch(/\bat .*\.js:\d+/);
    expect(readLines(join(out, 'whole'))).toHaveLength(FRAMES);
  });

  it('P23 and H7: very large and very thin pictures do not affect the others', async () => {
    const sizes = { 'b-wide.png': [20000, 64], 'c-tall.png': [64, 14000], 'd-thin.png': [16384, 1] } as const;
    const large = join(folder, 'large');
    writePictures(large, {
      'a.jpg': readFileSync(join(pictures, 'a.jpg')),
      'e.jpg': readFileSync(join(pictures, 'a.jpg')),
      ...Object.fromEntries(Object.entries(sizes).map(([name, [width, height]]) => [name, greyPicture(width, height)])),
    });
    const out = join(folder, 'large-out');
    const run = await runTrack([large, '--out', out, '--provider', 'wasm']);
    expect([run.code, run.stderr]).toEqual([3, expect.stringContaining('d-thin.png: skipped, 16384 × 1 pixels')]);
    const found = readLines(out).map(({ file, faces }) => [file, faces.length]);
    expect(found).toEqual([
      ['a.jpg', 1],
      ['b-wide.png', 0],
      ['c-tall.png', 0],
      ['e.jpg', 1],
    ]);
  });

  it('H10 SIGTERM ends a run with whole lines, H9 and --resume continues it, H8 and nothing is replaced unasked', async () => {
    const many = join(folder, 'many');
    const picture = readFileSync(join(pictures, 'a.jpg'));
    const names = Array.from({ length: 12 }, (_, i) => `${String(i).padStart(2, '0')}.jpg`);
    writePictures(many, Object.fromEntries(names.map((name) => [name, picture])));
    const out = join(folder, 'many-out');
    const args = [many, '--out', out, '--provider', 'wasm'];
    const stopped = await interruptTrack(args, out, 3, 'SIGTERM');
    expect(stopped.code).toBe(143);
    const kept = readLines(out).length;
    expect(kept).toBeGreaterThanOrEqual(3);
    expect(kept).toBeLessThan(names.length);

    const refused = await runTrack(args);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/earlier results.*--resume/)]);
    expect(readLines(out)).toHaveLength(kept);

    const resumed = await track([...args, '--resume']);
    expect(resumed.stdout).toContain(`${kept} of them earlier`);
    expect(readLines(out).map(({ file }) => file)).toEqual(names);
  });

  it('H7 a folder without a readable image ends with code 2', async () => {
    const broken = writePictures(join(folder, 'broken'), { 'broken.png': 'no picture' });
    const run = await runTrack([broken, '--out', join(folder, 'broken-out'), '--provider', 'wasm']);
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('broken.png: skipped')]);
  });
});
