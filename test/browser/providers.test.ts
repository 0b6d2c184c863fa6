import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { answersAgree, masksAgree } from './checks';
import { openBrowser, openWatched } from './harness';
import { drawPictures } from './pictures';
import { freshFolder, readLines, readMask, track, writePictures } from './tracker';

const folder = freshFolder();

beforeAll(async () => {
  const browser = await openBrowser();
  const { page } = await openWatched(browser);
  const [picture] = await drawPictures(page, [{ time: 1, cover: { x: 250, y: 250, width: 160, height: 70 } }]);
  await browser.close();
  writePictures(join(folder, 'in'), { 'a.jpg': picture ?? '' });
});

async function trackWith(provider: string) {
  const out = join(folder, provider);
  const { stderr } = await track([join(folder, 'in'), '--out', out, '--provider', provider, '--masks']);
  const [line] = readLines(out);
  if (!line) throw new Error('no line');
  return { line, stderr, mask: readMask(out, 'a') };
}

describe('providers', () => {
  it('G1 WebGPU and the CPU give the same points and mask; the comparison detects a shifted face and a blank mask', async () => {
    const wasm = await trackWith('wasm');
    const webgpu = await trackWith('webgpu');
    expect([wasm.line.provider, webgpu.line.provider]).toEqual(['wasm', 'webgpu']);
    expect(webgpu.stderr).toContain('Network on webgpu');
    expect(answersAgree(wasm.line, webgpu.line)).toBeNull();
    expect(masksAgree(wasm.mask, webgpu.mask)).toBeNull();
    const blank = { ...webgpu.mask, data: Buffer.alloc(webgpu.mask.data.length) };
    expect(masksAgree(wasm.mask, blank)).toContain('masks differ');
    const moved = { ...wasm.line, faces: wasm.line.faces.map(shiftFace) };
    expect(answersAgree(moved, webgpu.line)).toContain('pixels apart');
  }, 300_000);

  it('G2 auto runs on the CPU if the only GPU is a software adapter', async () => {
    expect((await trackWith('auto')).line.provider).toBe(process.env.PEEKABOO_EXPECT_PROVIDER ?? 'wasm');
  });
});

function shiftFace(face: { readonly points68: readonly (readonly [number, number])[] }) {
  return { points68: face.points68.map(([x, y]) => [x + 0.5, y] as const) };
}
