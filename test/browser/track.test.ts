import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BufferTarget,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  FilePathSource,
  Input,
  MP4,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import { PNG } from 'pngjs';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { faceFound, nothingMasked } from './checks';
import { openBrowser, openWatched } from './harness';
import { drawPictures } from './pictures';
import { freshFolder, readLines, readMask, runTrack, track, writePictures } from './tracker';

const FRAMES = 30;
const folder = freshFolder();
const pictures = join(folder, 'pictures');
const clip = join(folder, 'clip.mp4');

/** The sample clip's first frames, copied without decoding. */
async function writeClip(): Promise<void> {
  const input = new Input({ source: new FilePathSource('public/generated/sample.mp4'), formats: [MP4] });
  const track = await input.getPrimaryVideoTrack();
  const codec = await track?.getCodec();
  const decoderConfig = await track?.getDecoderConfig();
  if (!track || !codec || !decoderConfig) throw new Error('the sample clip has no video');
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat(), target });
  const source = new EncodedVideoPacketSource(codec);
  output.addVideoTrack(source);
  await output.start();
  let count = 0;
  for await (const packet of new EncodedPacketSink(track).packets()) {
    await source.add(packet, { decoderConfig });
    count += 1;
    if (count === FRAMES) break;
  }
  await output.finalize();
  writeFileSync(clip, new Uint8Array(target.buffer ?? new ArrayBuffer(0)));
}

beforeAll(async () => {
  await writeClip();
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
    const run = await track([pictures, '--out', out, '--provider', 'wasm', '--masks', '--meshes', '--overlay']);
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
    expect(readdirSync(join(out, 'meshes')).toSorted()).toEqual(['a.obj', 'b.obj', 'landmarks7.json']);
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
    [['docs', '--out', 'x', '--faces', '9'], '--faces'],
    [['docs'], '--out'],
    [['tools/bench', '--out', 'x'], 'no images or videos'],
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

  it('H7 a folder without a readable image ends with code 2', async () => {
    const broken = writePictures(join(folder, 'broken'), { 'broken.png': 'no picture' });
    const run = await runTrack([broken, '--out', join(folder, 'broken-out'), '--provider', 'wasm']);
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('broken.png: skipped')]);
  });
});
