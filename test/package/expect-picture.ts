import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PNG } from 'pngjs';
import { expect } from 'vitest';

/** Differences of a colour up to this are none, of 255. */
const SAME = 32;
/** The share of pixels that may differ: edges of the points move by parts of a pixel. */
const MOST_OFF = 0.01;

/** The share of pixels that differ; 1 for pictures of other sizes. */
function shareOff(a: PNG, b: PNG): number {
  if (a.width !== b.width || a.height !== b.height) return 1;
  let off = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    const differs = [i, i + 1, i + 2].some((k) => Math.abs((a.data[k] ?? 0) - (b.data[k] ?? 0)) > SAME);
    if (differs) off++;
  }
  return off / (a.width * a.height);
}

/**
 * Compares a picture with the stored one; it is written to out/package where they differ. PEEKABOO_RENEW_SCREENS=1 stores
 * it.
 */
export async function expectPicture(seen: Buffer, stored: string): Promise<void> {
  if (process.env.PEEKABOO_RENEW_SCREENS) {
    mkdirSync(dirname(stored), { recursive: true });
    writeFileSync(stored, seen);
  }
  expect(existsSync(stored), `${stored} is missing: store it with PEEKABOO_RENEW_SCREENS=1`).toBe(true);
  const share = shareOff(PNG.sync.read(seen), PNG.sync.read(readFileSync(stored)));
  const failed = join('out/package', basename(stored));
  if (share > MOST_OFF) {
    mkdirSync(dirname(failed), { recursive: true });
    writeFileSync(failed, seen);
  }
  expect(share, `${failed} differs from ${stored}`).toBeLessThanOrEqual(MOST_OFF);
}
