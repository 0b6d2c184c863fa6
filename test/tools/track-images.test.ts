import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PageLostError } from '../../tools/track/browser-page.mjs';
import { trackImages } from '../../tools/track/images.mjs';
import { trackVideo } from '../../tools/track/video.mjs';

const folder = mkdtempSync(join(tmpdir(), 'peekaboo-images-'));
afterAll(() => rmSync(folder, { recursive: true }));

const images = Array.from({ length: 20 }, (_, i) => ({ path: `/in/${i}.jpg`, file: `${i}.jpg`, name: `${i}` }));

interface Settings {
  mode?: string;
  signal?: AbortSignal;
  onImage?: (file: string) => void;
}

/** A page that tracks pictures at once, except those that `onImage` rejects. */
function session({ mode = 'new', signal = new AbortController().signal, onImage = () => {} }: Settings = {}) {
  const asked: string[] = [];
  const page = {
    provider: 'wasm',
    async call(_name: string, _url: unknown, file: unknown) {
      asked.push(String(file));
      await Promise.resolve();
      onImage(String(file));
      return { value: { line: JSON.stringify({ file }) } };
    },
    kill: async () => {},
    onResults: () => {},
    close: async () => {},
  };
  return { session: { page, files: new Map<string, string>(), signal, output: { mode, options: {} } }, asked };
}

const filesIn = (out: string): string[] =>
  readFileSync(join(out, 'frames.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).file);

describe('trackImages', () => {
  it('H10 a signal ends the run after the pictures in progress, H9 and --resume tracks exactly the others', async () => {
    const out = join(folder, 'stopped');
    const stop = new AbortController();
    const first = session({ signal: stop.signal, onImage: (file) => file === '7.jpg' && stop.abort() });
    const { tracked, stopped } = await trackImages(first.session, images, out);
    expect(stopped).toBe(true);
    expect(filesIn(out)).toEqual(images.slice(0, tracked).map(({ file }) => file));
    expect(first.asked).toHaveLength(tracked);

    const second = session({ mode: 'resume' });
    const rest = await trackImages(second.session, images, out);
    expect(rest).toMatchObject({ tracked: 20 - tracked, earlier: tracked, stopped: false });
    expect(filesIn(out)).toEqual(images.map(({ file }) => file));
    expect(second.asked).toHaveLength(20 - tracked);
  });

  it('H11 of the pictures in progress when the page is lost, only the one that ends it again is skipped', async () => {
    const out = join(folder, 'lost');
    const { session: lost } = session({
      onImage: (file) => {
        if (file === '5.jpg') throw new PageLostError('the browser ran out of memory or crashed');
      },
    });
    const innocent = { ...lost, page: { ...lost.page, call: loseOnce(lost.page.call, '6.jpg') } };
    const { tracked, skipped } = await trackImages(innocent, images, out);
    expect(tracked).toBe(19);
    expect(skipped).toEqual(['/in/5.jpg: skipped, the browser ran out of memory or crashed']);
    expect(filesIn(out)).not.toContain('5.jpg');
    expect(filesIn(out)).toContain('6.jpg');
  });

  it('H11 another error ends the run', async () => {
    const { session: broken } = session({
      onImage: () => {
        throw new Error('the disk is full');
      },
    });
    await expect(trackImages(broken, images, join(folder, 'broken'))).rejects.toThrow('the disk is full');
  });
});

type Call = (name: string, url: unknown, file: unknown) => Promise<{ value: { line: string } }>;

/** The page is lost once while it works on a picture. */
function loseOnce(call: Call, victim: string): Call {
  let isLost = false;
  return (name, url, file) => {
    if (file !== victim || isLost) return call(name, url, file);
    isLost = true;
    return Promise.reject(new PageLostError('crashed with another picture'));
  };
}

describe('trackVideo', () => {
  const video = { path: '/in/clip.mp4', file: 'clip.mp4', name: 'clip' };

  function videoSession(mode: string, times: readonly number[], answer: object) {
    let send: (results: object[]) => void = () => {};
    const calls: string[] = [];
    const page = {
      provider: 'wasm',
      async call(name: string) {
        calls.push(name);
        if (name === 'duration') return 1;
        send(times.map((time) => ({ line: JSON.stringify({ file: 'clip.mp4', time }), time })));
        return answer;
      },
      kill: async () => {},
      onResults: (listener: (results: object[]) => void) => {
        send = listener;
      },
      close: async () => {},
    };
    const { signal } = new AbortController();
    return { session: { page, files: new Map<string, string>(), signal, output: { mode, options: {} } }, calls };
  }

  it('H7 a video without a single frame is a fault, never a success', async () => {
    const { session } = videoSession('new', [], { value: { frames: 0, faults: [] } });
    const { frames, faults } = await trackVideo(session, video, join(folder, 'none'));
    expect([frames, faults]).toEqual([0, ['/in/clip.mp4: no frame of it can be decoded']]);
  });

  it('H9 --resume keeps a complete video, and tracks an interrupted one again', async () => {
    const out = join(folder, 'video');
    const cut = videoSession('new', [0, 1], { lost: true, refused: 'clip.mp4: cut' });
    expect((await trackVideo(cut.session, video, out)).faults).toEqual(['clip.mp4: cut']);

    const again = videoSession('resume', [0, 1, 2], { value: { frames: 3, faults: [] } });
    expect(await trackVideo(again.session, video, out)).toMatchObject({ frames: 3, earlier: false });
    expect(filesIn(out)).toHaveLength(3);

    const third = videoSession('resume', [0], { value: { frames: 1, faults: [] } });
    expect(await trackVideo(third.session, video, out)).toMatchObject({ frames: 3, earlier: true });
    expect(third.calls).toEqual([]);
  });
});
