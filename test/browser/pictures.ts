import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { inject } from 'vitest';

export const WIDTH = 640;
export const HEIGHT = 480;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Picture {
  /** Seconds in the sample clip. */
  readonly time: number;
  /** Pixels the clip's frame is moved to the right. */
  readonly shift?: number;
  /** A striped board drawn over the frame. */
  readonly cover?: Box;
  /** Number written as a bar code into the upper left corner; the picture then has no colour. */
  readonly code?: number;
}

/** Bits of a bar code, lowest first, after one white and one black cell; cells are square. */
const CODE_BITS = 6;
const CELL = 20;

/** JPEGs of the sample clip's frames, 640 × 480, drawn by the browser itself. */
export async function drawPictures(page: Page, pictures: readonly Picture[]): Promise<Buffer[]> {
  await page.goto(`${inject('origin')}/track.html`);
  const layout = { width: WIDTH, height: HEIGHT, bits: CODE_BITS, cell: CELL };
  const drawn = await page.evaluate(draw, [pictures, layout] as const);
  return drawn.map((text) => Buffer.from(text, 'base64'));
}

/** Runs in the page. */
async function draw([pictures, layout]: readonly [
  readonly Picture[],
  { width: number; height: number; bits: number; cell: number },
]): Promise<string[]> {
  const { width, height, bits, cell } = layout;
  const video = document.createElement('video');
  const happened = (name: string) => new Promise((done) => video.addEventListener(name, done, { once: true }));
  video.src = 'generated/sample.mp4';
  video.muted = true;
  await happened('loadeddata');
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
  const drawCover = ({ x, y, width: w, height: h }: Box) => {
    for (let stripe = 0; stripe < h; stripe += 10) {
      context.fillStyle = stripe % 20 === 0 ? '#1d6b52' : '#2b8f70';
      context.fillRect(x, y + stripe, w, Math.min(10, h - stripe));
    }
  };
  const drawCode = (code: number) => {
    const cells = [1, 0, ...Array.from({ length: bits }, (_, bit) => (code >> bit) & 1)];
    cells.forEach((value, i) => {
      context.fillStyle = value ? '#fff' : '#000';
      context.fillRect(i * cell, 0, cell, cell);
    });
  };
  const results: string[] = [];
  for (const { time, shift = 0, cover, code } of pictures) {
    if (video.currentTime !== time) {
      // The event "seeked" can come before the new frame can be drawn.
      const presented = new Promise((done) => video.requestVideoFrameCallback(done));
      const sought = happened('seeked');
      video.currentTime = time;
      await Promise.all([sought, presented]);
    }
    context.fillStyle = '#888';
    context.fillRect(0, 0, width, height);
    context.filter = code === undefined ? 'none' : 'grayscale(1)';
    context.drawImage(video, shift, 0, width, height);
    context.filter = 'none';
    if (cover) drawCover(cover);
    if (code !== undefined) drawCode(code);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    results.push(btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')));
  }
  return results;
}

/** Pixels of a picture, RGBA. */
export interface Rgba {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** The number in a screenshot's bar code; null when the corner holds none. */
export function readCode({ data, width }: Rgba): number | null {
  const bright = Array.from({ length: CODE_BITS + 2 }, (_, i) => {
    const value = data[4 * ((CELL / 2) * width + i * CELL + CELL / 2)] ?? 0;
    return value > 128 ? 1 : 0;
  });
  if (bright[0] !== 1 || bright[1] !== 0) return null;
  return bright.slice(2).reduce<number>((sum, bit, i) => sum + (bit << i), 0);
}

/** A file Chromium shows as its webcam: JPEGs one after the other, over and over, 30 a second. */
export function cameraFile(jpegs: readonly Buffer[]): string {
  const path = join(mkdtempSync(join(tmpdir(), 'peekaboo-camera-')), 'camera.mjpeg');
  writeFileSync(path, Buffer.concat(jpegs));
  return path;
}
