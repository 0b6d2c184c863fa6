import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { PNG } from 'pngjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasFfmpeg } from '../../tools/lib/ffmpeg.mjs';
import { freshFolder, runTrack } from './tracker';

const FRAMES = 8;
const folder = freshFolder();
const clip = join(folder, 'hand.mp4');

function ffmpeg(...args: readonly string[]): string {
  return execFileSync('ffmpeg', ['-v', 'error', '-y', ...args], { encoding: 'utf8' });
}

/** What ffprobe lists of the packets of a stream (`v`, `a`), sorted: one line per packet. */
function packets(file: string, stream: 'v' | 'a', entries: string): string[] {
  const select = ['-select_streams', stream, '-show_entries', `packet=${entries}`, '-of', 'csv=p=0'];
  return execFileSync('ffprobe', ['-v', 'error', ...select, file], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.split(',')[0] ?? '')
    .filter(Boolean)
    .sort();
}

function soundHash(file: string): string {
  return ffmpeg('-i', file, '-map', '0:a', '-c', 'copy', '-f', 'streamhash', '-');
}

async function render(name: string, ...options: readonly string[]): Promise<string> {
  const file = join(folder, name);
  const { code, stderr } = await runTrack([clip, '--render', file, '--provider', 'wasm', ...options]);
  expect(stderr).not.toMatch(/could not|no sound/);
  expect(code).toBe(0);
  return file;
}

/** A frame of a video as RGBA. */
function pixels(file: string, frame: number, decoder: readonly string[] = []): Buffer {
  const select = ['-vf', `select=eq(n\\,${frame})`, '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'rgba', '-'];
  return execFileSync('ffmpeg', ['-v', 'error', ...decoder, '-i', file, ...select], { maxBuffer: 2 ** 28 });
}

/** Sum of absolute differences per pixel and channel. */
function difference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length;
}

/** Share of values that differ by much more than the codec changes them. */
function changedShare(a: Uint8Array, b: Uint8Array): number {
  return a.filter((value, i) => Math.abs(value - (b[i] ?? 0)) > 40).length / a.length;
}

describe.skipIf(!hasFfmpeg())('npm run track -- --render (needs ffmpeg)', { timeout: 400_000 }, () => {
  beforeAll(() => {
    // The last frame interval is longer than the others: a variable frame rate.
    const times = `setpts='if(lt(N,${FRAMES - 1}),N,N+3)/12.5/TB'`;
    ffmpeg(
      ...['-loop', '1', '-framerate', '12.5', '-i', 'test/fixtures/hand.jpg', '-f', 'lavfi', '-i', 'sine=440:d=0.9'],
      ...['-frames:v', String(FRAMES), '-vf', `scale=400:-2,${times}`, '-fps_mode', 'passthrough'],
      ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-bf', '2', '-c:a', 'aac', '-map', '0:v', '-map', '1:a', clip],
    );
  });

  it('OF5 OF6 MP4: every frame once at its time, the sound is the same packets, and the filter is in the picture', async () => {
    const file = await render('out.mp4', '--filter', 'glasses');
    expect(packets(file, 'v', 'pts_time')).toEqual(packets(clip, 'v', 'pts_time'));
    expect(soundHash(file)).toBe(soundHash(clip));
    const plain = await render('plain.mp4', '--look', 'none');
    expect(difference(pixels(plain, 4), pixels(clip, 4))).toBeLessThan(4);
    expect(changedShare(pixels(plain, 4), pixels(clip, 4))).toBeLessThan(0.001);
    expect(changedShare(pixels(file, 4), pixels(clip, 4))).toBeGreaterThan(0.002);
  });

  it('OF5 WebM: the background is transparent, the head is not', async () => {
    const file = await render('out.webm', '--avatar', 'character', '--background', 'transparent');
    expect(packets(file, 'v', 'pts_time')).toHaveLength(FRAMES);
    const picture = pixels(file, 4, ['-c:v', 'libvpx-vp9']);
    const alphas = picture.filter((_, i) => i % 4 === 3);
    const share = (holds: (alpha: number) => boolean) => alphas.filter(holds).length / alphas.length;
    expect(share((alpha) => alpha < 10)).toBeGreaterThan(0.1);
    expect(share((alpha) => alpha > 245)).toBeGreaterThan(0.1);
  });

  it('OF5 PNG sequence: a picture per frame with transparency, and a table of the times', async () => {
    const file = await render('out.zip', '--avatar', 'character', '--background', 'transparent');
    const entries = unzipSync(readFileSync(file));
    expect(Object.keys(entries)).toHaveLength(FRAMES + 1);
    const { width, data } = PNG.sync.read(Buffer.from(entries['frame-000001.png'] ?? []));
    expect(width).toBe(400);
    expect(data[3]).toBe(0);
    const table = new TextDecoder().decode(entries['times.csv']).trim().split('\n');
    expect(table[0]).toBe('file,time');
    expect(table.slice(1).map((line) => Number(line.split(',')[1]))).toEqual(
      packets(clip, 'v', 'pts_time').map((time) => expect.closeTo(Number(time), 4)),
    );
  });

  it.each([
    [['--render', 'out.gif'], 'must end in .mp4, .webm or .zip'],
    [['--render', 'out.mp4', '--background', 'transparent'], 'MP4 has no transparency'],
    [['--render', 'out.mp4', '--background', 'nowhere.jpg'], 'existing picture'],
    [['--render', 'out.mp4', '--avatar', 'nowhere.glb'], 'existing .glb or .vrm'],
    [['--render', 'out.mp4', '--filter', 'nothing'], 'There is no filter “nothing”'],
    [['--render', 'out.mp4', '--out', 'folder'], 'either --out DIR'],
    [['--render', 'no/such/folder/out.mp4'], 'cannot be written'],
  ])('OF8 %j is refused in one sentence, and leaves no file', async (options, text) => {
    const { code, stderr } = await runTrack([clip, ...options]);
    expect(code).toBe(2);
    expect(stderr).toContain(text);
    expect(existsSync(options[1] ?? '')).toBe(false);
  });
});
