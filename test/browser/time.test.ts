import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { coverFigures } from '../../bench/time/covers';
import { landmarksOf, peekaboo, type Run, unfiltered } from '../../bench/time/filters';
import { jitter, pairs, placeError, pointsOf, turnError } from '../../bench/time/measures';
import type { Recording } from '../../bench/time/recording';
import { parseFaceModel } from '../../src/face/face-model';
import { openBrowser } from './harness';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

/** Unsmoothed output of the tracker for a hand that passes over the mouth. */
async function record(): Promise<Recording> {
  const page = await browser.newPage();
  await page.goto(`${inject('origin')}/bench.html`);
  await page.waitForFunction(() => window.peekabooTime !== undefined);
  const recording = await page.evaluate(async (bundle) => {
    await window.peekabooTime?.open(`models/${bundle}/`);
    return window.peekabooTime?.record('hand-mouth-0.2', 12);
  }, inject('bundle'));
  await page.close();
  if (!recording) throw new Error('nothing was recorded');
  return recording;
}

describe('time', () => {
  it('S5 S17 smoothing halves the jitter of a rendered face at rest and reduces its drift under a passing hand', async () => {
    const model = parseFaceModel(
      Uint8Array.from(readFileSync(`public/models/${inject('bundle')}/face-model.bin`)).buffer,
    );
    const landmarks = landmarksOf(model);
    const recording = await record();
    const raw = unfiltered(recording, landmarks);
    const own = peekaboo(recording, raw, landmarks);
    const figures = (run: Run) => {
      const seen = pairs(recording, run.frames);
      const truth = seen.map((pair) => pair.truth);
      // The hand approaches from frame 30 on.
      const rest = seen.slice(0, 30);
      const points = run.frames.map(([face]) => pointsOf(face));
      return {
        place: jitter(rest.map(placeError), 12),
        turn: jitter(rest.map(turnError), 12),
        cover: coverFigures(
          seen.map(({ time }) => time),
          truth,
          points,
          seen,
        ),
      };
    };
    const [before, after] = [figures(raw), figures(own)];
    expect(after.place).toBeLessThan(before.place / 2);
    expect(after.turn).toBeLessThan(before.turn / 2);
    expect(after.cover.points).toBeLessThan(0.75 * before.cover.points);
    expect(after.cover.recovered).toBeLessThanOrEqual(134);
  }, 300_000);
});
