/** The fake webcam of a soak test: a person who is covered and leaves, in a loop. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Seconds per round, drawn pictures per second, and how often Chromium repeats each to reach 30 per second. */
export const ROUND = 6;
const DRAWN = 10;
const TIMES = 3;
/** Seconds of a round in which a board hides the mouth, and in which nobody is there (longer than a lost face is held). */
const COVERED = [1, 3];
const AWAY = [3.8, 6];

const within = (time, [from, to]) => time >= from && time < to;

/** Runs in the page: JPEGs, base64, 640 × 480, of times in the sample clip. */
async function draw(wanted) {
  const video = document.createElement('video');
  const happened = (name) => new Promise((done) => video.addEventListener(name, done, { once: true }));
  video.src = 'generated/sample.mp4';
  video.muted = true;
  await happened('loadeddata');
  const canvas = new OffscreenCanvas(640, 480);
  const context = canvas.getContext('2d');
  const drawn = [];
  for (const { time, covered, away } of wanted) {
    if (!away && video.currentTime !== time) {
      const sought = happened('seeked');
      video.currentTime = time;
      await sought;
    }
    context.fillStyle = '#8a8f86';
    context.fillRect(0, 0, 640, 480);
    if (!away) context.drawImage(video, 0, 0, 640, 480);
    for (let y = 295; covered && y < 470; y += 10) {
      context.fillStyle = y % 20 === 15 ? '#1d6b52' : '#2b8f70';
      context.fillRect(200, y, 240, 10);
    }
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    drawn.push(btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')));
  }
  return drawn;
}

/**
 * Draws the clip in a page of the served app; resolves with the path of a file for Chromium's fake camera.
 * @param {import('playwright-core').Page} page
 * @param {string} origin
 */
export async function cameraClip(page, origin) {
  await page.goto(`${origin}/soak.html`);
  const wanted = Array.from({ length: ROUND * DRAWN }, (_, i) => {
    const time = i / DRAWN;
    return { time: 1 + time, covered: within(time, COVERED), away: within(time, AWAY) };
  });
  const drawn = await page.evaluate(draw, wanted);
  const jpegs = drawn.flatMap((text) => Array(TIMES).fill(Buffer.from(text, 'base64')));
  const path = join(mkdtempSync(join(tmpdir(), 'peekaboo-soak-')), 'camera.mjpeg');
  writeFileSync(path, Buffer.concat(jpegs));
  return path;
}
