import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { settingsFromQuery, settingsFromStorage } from '../../src/app/settings/read-settings';
import { fileKind } from '../../src/capture/file-kind';
import { readFrameTimes } from '../../src/capture/frame-times';
import { videoDamage } from '../../src/capture/video-damage';
import { undecodableVideo, videoFault } from '../../src/capture/video-fault';
import { FaceModelError, parseFaceModel } from '../../src/face/face-model';
import { parseLandmarkShift } from '../../src/face/landmark-shift';
import { checkManifest } from '../../src/focus/manifest';
import { AvatarError } from '../../src/render/avatar/avatar-error';
import { checkAvatar } from '../../src/render/avatar/file/check-avatar';
import { tinyFaceModel } from '../face/tiny-face-model';
import { TINY_SHIFT, tinyManifestJson, tinyShiftFiles } from '../focus/tiny-bundle';
import { fuzz, refusedBy, TIME_LIMIT } from './fuzz';
import { below, mutateBytes, mutateJson, pick, type Random } from './mutate';

const options = { timeout: TIME_LIMIT };
const CHARACTERS = [
  'a',
  '=',
  '&',
  '%',
  '%zz',
  '%00',
  '+',
  ',',
  ':',
  '.',
  '-',
  '1',
  '9',
  'é',
  '😀',
  '\0',
  ' ',
  '"',
  '<',
];
const text = (random: Random, length: number) =>
  Array.from({ length: below(random, length) }, () => pick(random, CHARACTERS)).join('');

describe('bundle files', () => {
  const model = new Uint8Array(tinyFaceModel());
  const header = new DataView(model.buffer).getUint32(8, true) + 12;

  it('FZ1 face-model.bin', options, () =>
    fuzz('face-model.bin', (random) => {
      const bytes = mutateBytes(model, random, random() < 0.7 ? header : model.length);
      return refusedBy([FaceModelError], () => parseFaceModel(bytes.buffer));
    }),
  );

  it('FZ1 landmark-shift.bin', options, () => {
    const shift = Object.entries(tinyShiftFiles()).find(([name]) => name.includes('shift'))?.[1];
    if (!shift) throw new Error('no shift');
    return fuzz('landmark-shift.bin', (random) =>
      refusedBy([RangeError], () => parseLandmarkShift(mutateBytes(shift, random).buffer, TINY_SHIFT.rank)),
    );
  });

  it('FZ1 manifest.json', options, () => {
    const manifest = tinyManifestJson();
    return fuzz('manifest.json', (random) => {
      const checked = checkManifest(random() < 0.05 ? manifest : mutateJson(manifest, random));
      if ('reason' in checked) expect(checked.reason.length).toBeGreaterThan(5);
      return 'reason' in checked ? 'refused' : 'accepted';
    });
  });
});

describe('avatars', () => {
  const glb = new Uint8Array(readFileSync('public/avatars/character.glb'));
  const view = new DataView(glb.buffer, glb.byteOffset);
  const jsonLength = view.getUint32(12, true);
  const json = JSON.parse(new TextDecoder().decode(glb.subarray(20, 20 + jsonLength)));
  const binary = glb.subarray(20 + jsonLength);

  /** The file with another description. */
  function withJson(value: unknown): Uint8Array<ArrayBuffer> {
    const description = new TextEncoder().encode(JSON.stringify(value) ?? 'null');
    const padded = new Uint8Array(Math.ceil(description.length / 4) * 4).fill(0x20);
    padded.set(description);
    const bytes = new Uint8Array(20 + padded.length + binary.length);
    bytes.set(glb.subarray(0, 20));
    bytes.set(padded, 20);
    bytes.set(binary, 20 + padded.length);
    new DataView(bytes.buffer).setUint32(8, bytes.length, true);
    new DataView(bytes.buffer).setUint32(12, padded.length, true);
    return bytes;
  }

  it('FZ2 GLB and VRM files', options, () =>
    fuzz('GLB and VRM', (random) => {
      const vrm = { ...json, extensionsUsed: ['VRM'], extensions: { VRM: { humanoid: {}, blendShapeMaster: {} } } };
      const bytes =
        random() < 0.5
          ? mutateBytes(glb, random, random() < 0.5 ? 24 : 20 + jsonLength)
          : withJson(mutateJson(random() < 0.3 ? vrm : json, random));
      return refusedBy([AvatarError], () => checkAvatar(bytes.buffer, 'avatar.glb'));
    }),
  );
});

describe('settings', () => {
  it('FZ3 addresses', options, () =>
    fuzz('addresses', (random) => {
      const name = pick(random, [
        'look',
        'filter',
        'faces',
        'smoothing',
        'backdrop',
        'light',
        'place',
        text(random, 9),
      ]);
      const value = random() < 0.3 ? pick(random, ['', '0', '1', '2', 'face', 'glasses', 'studio']) : text(random, 40);
      const { warnings } = settingsFromQuery(`?${name}=${value}${random() < 0.5 ? `&${text(random, 20)}` : ''}`);
      return warnings.length > 0 ? 'refused' : 'accepted';
    }),
  );

  it('FZ3 stored settings', options, () => {
    const stored = { look: 'face', faces: 2, smooth: true, overlays: ['mask'], light: 1, mirror: true };
    expect(Object.keys(settingsFromStorage(stored))).toHaveLength(Object.keys(stored).length);
    return fuzz('stored settings', (random) => {
      const given = mutateJson(stored, random);
      const read = settingsFromStorage(given);
      return Object.keys(read).length < Object.keys(stored).length ? 'refused' : 'accepted';
    });
  });
});

describe('video files', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const clips = ['test/fixtures/search/jumpcut.mp4', 'test/fixtures/clip.webm', 'test/fixtures/front-index.mp4'].map(
    (path) => new Uint8Array(readFileSync(path)).subarray(0, 300_000),
  );

  it('FZ4 video containers', options, () => {
    // The reader logs what it does not understand.
    for (const level of ['warn', 'error'] as const) vi.spyOn(console, level).mockImplementation(() => undefined);
    return fuzz('video containers', async (random) => {
      const bytes = mutateBytes(pick(random, clips), random, random() < 0.6 ? 4096 : undefined);
      const file = new Blob([bytes]);
      fileKind(bytes.subarray(0, 512), 'clip.mp4');
      const fault = await videoFault(file, 'clip.mp4');
      if (fault) expect(fault).toContain('clip.mp4');
      if (fault) return 'refused';
      // What the page does with files that have no fault.
      expect(await undecodableVideo(file, 'clip.mp4')).toContain('clip.mp4');
      await videoDamage(file);
      await readFrameTimes(file);
      return 'accepted';
    });
  });
});
