import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { packPackage } from '../../tools/package/pack.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the packed package. */
    tarball: string;
    /** A file for Chromium's fake camera: one picture, over and over. */
    camera: string;
  }
}

export async function setup(project: TestProject): Promise<void> {
  const { path } = await packPackage();
  project.provide('tarball', path);
  const camera = join(mkdtempSync(join(tmpdir(), 'peekaboo-camera-')), 'camera.mjpeg');
  writeFileSync(camera, Buffer.concat(Array(30).fill(readFileSync('test/fixtures/hand.jpg'))));
  project.provide('camera', camera);
}
