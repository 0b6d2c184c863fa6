import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input, type InputTrack } from 'mediabunny';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openBrowser, openWatched } from './harness';
import { readDouble } from './read-double';
import type { DoubleTake, Recorded } from './takes-double';

/** 2 s at 25 a second, from 3 s of the clip on. */
const TIMES = Array.from({ length: 50 }, (_, i) => 3 + i / 25);
const SMALL = { width: 320, height: 240, times: TIMES, transparent: false, sound: false } as const;

let browser: Browser;
let page: Page;

beforeAll(async () => {
  const code = readDouble('takes-double');
  browser = await openBrowser();
  ({ page } = await openWatched(browser, []));
  const origin = inject('origin');
  const html = '<!doctype html><meta charset="utf-8"><script type="module" src="/takes-double.js"></script>';
  await page.route(`${origin}/takes-double.html`, (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await page.route(`${origin}/takes-double.js`, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: code }),
  );
  await page.goto(`${origin}/takes-double.html`);
  await page.waitForFunction(() => window.takesDouble);
});
afterAll(() => browser?.close());

async function record(wanted: DoubleTake): Promise<Recorded> {
  const recorded = await page.evaluate((take) => window.takesDouble?.record(take), wanted);
  if (!recorded) throw new Error('the takes’ double is not there');
  return recorded;
}

function read({ base64 }: Recorded): Input {
  return new Input({ source: new BufferSource(Buffer.from(base64, 'base64')), formats: ALL_FORMATS });
}

async function timesOf(track: InputTrack | null): Promise<number[]> {
  if (!track) throw new Error('the track is missing');
  const times: number[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) times.push(packet.timestamp);
  return times.sort((a, b) => a - b);
}

describe('take recorder', () => {
  it('TK1 writes every picture at its time, from 0, without the bars around', async () => {
    const recorded = await record(SMALL);
    expect(recorded).toMatchObject({ frames: TIMES.length, dropped: 0, alpha: false });
    const input = read(recorded);
    const video = await input.getPrimaryVideoTrack();
    const times = await timesOf(video);
    expect(times).toHaveLength(TIMES.length);
    times.forEach((time, i) => {
      expect(Math.abs(time - i / 25)).toBeLessThan(0.002);
    });
    expect(Math.abs((await input.computeDuration()) - 2)).toBeLessThan(0.05);
    expect([video?.displayWidth, video?.displayHeight]).toEqual([320, 240]);
    expect(await input.getPrimaryAudioTrack()).toBeNull();
    const [corner = [], middle = []] =
      (await page.evaluate(
        (text) =>
          window.takesDouble?.pixels(text, [
            [0.01, 0.01],
            [0.5, 0.5],
          ]),
        recorded.base64,
      )) ?? [];
    expect(Math.max(...corner.slice(0, 3))).toBeLessThan(40);
    expect(middle[1]).toBeGreaterThan(120);
  });

  it('TK1 takes an odd canvas, cut to even numbers', async () => {
    const recorded = await record({ ...SMALL, width: 321, height: 241, times: TIMES.slice(0, 5) });
    const video = await read(recorded).getPrimaryVideoTrack();
    expect([video?.displayWidth, video?.displayHeight]).toEqual([320, 240]);
  });

  it('TK2 has the file’s own sound of that time', async () => {
    const recorded = await record({ ...SMALL, sound: true, file: 8 });
    const input = read(recorded);
    const sound = await timesOf(await input.getPrimaryAudioTrack());
    expect(Math.abs(sound[0] ?? 9)).toBeLessThan(0.06);
    expect(Math.abs((sound.at(-1) ?? 0) - 2)).toBeLessThan(0.1);
    expect(await timesOf(await input.getPrimaryVideoTrack())).toHaveLength(TIMES.length);
  });

  it('TK2 goes on with the sound from the file’s start where the video starts anew', async () => {
    // The file ends a second after the take begins.
    const times = Array.from({ length: 50 }, (_, i) => 11 + i / 25);
    const input = read(await record({ ...SMALL, times, sound: true, file: 6 }));
    const sound = await timesOf(await input.getPrimaryAudioTrack());
    expect(Math.abs((sound.at(-1) ?? 0) - 2)).toBeLessThan(0.1);
  });

  it('TK3 is transparent where the canvas is', async () => {
    const recorded = await record({ ...SMALL, transparent: true, times: TIMES.slice(0, 10) });
    expect(recorded).toMatchObject({ container: 'webm', alpha: true });
    const [corner = [], middle = []] =
      (await page.evaluate(
        (text) =>
          window.takesDouble?.pixels(text, [
            [0.05, 0.05],
            [0.5, 0.5],
          ]),
        recorded.base64,
      )) ?? [];
    expect(corner[3]).toBeLessThan(8);
    expect(middle[3]).toBeGreaterThan(247);
    expect(middle[1]).toBeGreaterThan(120);
  });

  it('TK4 says that nothing was recorded where no picture came', async () => {
    await expect(record({ ...SMALL, times: [] })).rejects.toThrow(/Nothing was recorded/);
  });
});
