import { afterEach, describe, expect, it, vi } from 'vitest';
import { BundleError, loadBundle } from '../../src/focus/bundle';
import { checkManifest } from '../../src/focus/manifest';
import { type LooseManifest, TINY_SHIFT, tinyBundleFiles, tinyManifestJson, tinyShiftFiles } from './tiny-bundle';

/** Serve files below /models/tiny/; `length` says whether sizes are told. */
function serve(files: Record<string, Uint8Array>, length = true): void {
  vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
    init?.signal?.throwIfAborted();
    const file = files[url.replace('/models/tiny/', '')];
    if (!file) return new Response('', { status: 404 });
    const headers = length ? { 'content-length': `${file.length}` } : undefined;
    return new Response(file.slice(), headers ? { headers } : {});
  });
}

afterEach(() => vi.unstubAllGlobals());

describe('bundle', () => {
  it('B1 loads network and face model and reports its progress', async () => {
    const files = tinyBundleFiles();
    serve(files);
    const seen: [number, number][] = [];
    const bundle = await loadBundle('/models/tiny', { onProgress: (loaded, total) => seen.push([loaded, total]) });
    expect(bundle.manifest.name).toBe('tiny');
    expect(new Uint8Array(bundle.network)).toEqual(files['network.onnx']);
    expect(bundle.faceModel.vertexCount).toBe(99);
    const all = 8 + (files['face-model.bin'] as Uint8Array).length;
    expect(seen.at(-1)).toEqual([all, all]);
  });

  it('B1 reports a total of 0 where the server does not', async () => {
    serve(tinyBundleFiles(), false);
    const totals = new Set<number>();
    await loadBundle('/models/tiny/', { onProgress: (_, total) => totals.add(total) });
    expect([...totals]).toEqual([0]);
  });

  it.each(['network.onnx', 'face-model.bin'])('B2 refuses %s with one byte changed', async (name) => {
    const files = tinyBundleFiles();
    const file = files[name] as Uint8Array;
    file[file.length - 1] = (file.at(-1) as number) ^ 1;
    serve(files);
    const loading = loadBundle('/models/tiny/');
    await expect(loading).rejects.toThrow(BundleError);
    await expect(loading).rejects.toThrow(new RegExp(`${name}: SHA-256`));
  });

  it('B3 names a missing file and a manifest that is not JSON', async () => {
    const files = tinyBundleFiles();
    delete files['network.onnx'];
    serve(files);
    await expect(loadBundle('/models/tiny/')).rejects.toThrow(/network\.onnx: HTTP 404/);
    serve({ 'manifest.json': new TextEncoder().encode('<!doctype html>') });
    await expect(loadBundle('/models/tiny/')).rejects.toThrow(/manifest\.json: not JSON/);
  });

  it('B3 an abort rejects with its own reason', async () => {
    serve(tinyBundleFiles());
    const reason = new Error('left the page');
    await expect(loadBundle('/models/tiny/', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  const faults: [string, (manifest: LooseManifest) => void, RegExp][] = [
    ['format', (m) => (m.format = 'peekaboo-trial/1'), /format/],
    ['version', (m) => (m.version = 2), /version/],
    ['crop centre', (m) => (m.crop.centre = 96), /crop\.centre/],
    ['distance', (m) => (m.pose.distance = 1000), /pose\.distance/],
    ['axes', (m) => (m.pose.axes = 'y down'), /pose\.axes/],
    ['mask channels', (m) => m.outputs.mask.channels.reverse(), /outputs\.mask\.channels/],
    ['number of mask channels', (m) => (m.outputs.mask.shape = [1, 3, 96, 96]), /outputs\.mask: shape and channels/],
    ['mask shape', (m) => (m.outputs.mask.shape = [1, 4, 96, 96]), /outputs\.mask\.shape/],
    ['pose slices', (m) => (m.outputs.pose.slices.logScale = [6, 7]), /outputs\.pose\.slices\.logScale/],
    ['light base', (m) => (m.light.base = 4.398), /light\.base/],
    ['expression order', (m) => m.expressionNames.reverse(), /expressionNames/],
    ['missing output', (m) => delete m.outputs.presence, /outputs\.presence/],
    ['path that leaves the folder', (m) => (m.files.network = '../network.onnx'), /files\.network/],
  ];
  it.each(faults)('B4 refuses another %s', (_, spoil, reason) => {
    const manifest = tinyManifestJson();
    spoil(manifest);
    expect(checkManifest(manifest)).toEqual({ reason: expect.stringMatching(reason) });
  });

  it('B5 a landmark shift is loaded where the manifest names one', async () => {
    serve(tinyShiftFiles());
    const { landmarkShift } = await loadBundle('/models/tiny/');
    expect(landmarkShift?.rank).toBe(1);
    expect(landmarkShift?.reduce[3]).toBe(1);
    serve(tinyBundleFiles());
    expect((await loadBundle('/models/tiny/')).landmarkShift).toBeUndefined();
  });

  it('B5 refuses a landmark shift of another size or without a description', async () => {
    serve(tinyShiftFiles((manifest) => delete manifest.landmarkShift));
    await expect(loadBundle('/models/tiny/')).rejects.toThrow(/landmark-shift\.bin: the manifest has no description/);
    serve(tinyShiftFiles((manifest) => (manifest.landmarkShift.rank = 2)));
    await expect(loadBundle('/models/tiny/')).rejects.toThrow(/landmark-shift\.bin: .* bytes instead of/);
    const inputs = {
      ...tinyManifestJson(),
      landmarkShift: { ...TINY_SHIFT, inputs: [...TINY_SHIFT.inputs].reverse() },
    };
    expect(checkManifest(inputs)).toEqual({ reason: expect.stringMatching(/landmarkShift\.inputs/) });
  });

  it('B4 accepts a manifest that follows the contract', () => {
    expect(checkManifest(tinyManifestJson())).toHaveProperty('manifest.version', 1);
    const withOwn = tinyManifestJson();
    withOwn.outputs.mask = { ...withOwn.outputs.mask, shape: [1, 3, 96, 96], channels: ['occluder', 'skin', 'own'] };
    expect(checkManifest(withOwn)).toHaveProperty('manifest.outputs.mask.channels', ['occluder', 'skin', 'own']);
  });
});
