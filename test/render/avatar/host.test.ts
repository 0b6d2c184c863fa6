import { readFileSync } from 'node:fs';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine';
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { parseFaceModel } from '../../../src/face/face-model';
import type { Face } from '../../../src/face/types';
import { AvatarError } from '../../../src/render/avatar/avatar-error';
import { AvatarScene } from '../../../src/render/avatar/avatar-scene';
import { AvatarHost } from '../../../src/render/avatar/host';
import { FittedHead } from '../../../src/render/avatar/measure';
import { AvatarMotion } from '../../../src/render/avatar/motion';
import type { Placement } from '../../../src/render/view/placement';
import { avatarGlb, VRM1_NAMES, vrm1 } from './avatar-files';

/** Babylon's NullEngine has no cube textures. */
vi.mock('../../../src/render/light/face-light', () => ({
  FaceLight: class {
    update() {}
    dispose() {}
  },
}));

const MODEL = parseFaceModel(Uint8Array.from(readFileSync('public/models/peekaboo/face-model.bin')).buffer);

let engine: NullEngine;
let drawRequests: number;
let host: AvatarHost;

beforeEach(() => {
  engine = new NullEngine();
  drawRequests = 0;
  host = new AvatarHost(engine, () => drawRequests++);
});
afterEach(() => {
  host.dispose();
  engine.dispose();
});

const held = () => ({
  scenes: engine.scenes.length + engine._virtualScenes.length,
  textures: engine.getLoadedTexturesCache().length,
});
const source = (name: string, bytes: ArrayBuffer) => ({ name, bytes });
const plain = () => avatarGlb({ targets: ['jawOpen', 'eyeBlinkLeft', 'eyeBlinkRight'] });

describe('avatar host', { timeout: 60_000 }, () => {
  it('AV16 frees the avatar before, and everything in the end', async () => {
    const before = held();
    await host.setAvatar(source('a.glb', plain()));
    const one = held();
    expect(one.scenes).toBe(before.scenes + 1);
    await host.setAvatar(
      source('b.vrm', avatarGlb({ targets: VRM1_NAMES, extensions: { VRMC_vrm: vrm1(VRM1_NAMES) } })),
    );
    await host.setAvatar(source('c.glb', plain()));
    expect(held()).toEqual(one);
    await host.setAvatar(null);
    expect(held().scenes).toBe(before.scenes);
    expect(held().textures).toBeLessThanOrEqual(before.textures + 1);
  });

  it('AV15 leaves nothing of a file that fails, and keeps the avatar before', async () => {
    await host.setAvatar(source('a.glb', plain()));
    const one = held();
    const lying = avatarGlb({
      targets: ['jawOpen'],
      change: ({ accessors }) => Object.assign(accessors[0] ?? {}, { type: 'VEC9' }),
    });
    for (const bytes of [plain().slice(0, 300), lying]) {
      await expect(host.setAvatar(source('broken.glb', bytes))).rejects.toThrow(AvatarError);
      expect(held()).toEqual(one);
    }
  });

  it('AV16 takes the last of two that come after each other', async () => {
    const first = host.setAvatar(source('a.glb', plain()));
    const second = host.setAvatar(source('b.glb', plain()));
    await Promise.all([first, second]);
    const one = held();
    expect(drawRequests).toBe(1);
    await host.setAvatar(null);
    expect(held().scenes).toBe(one.scenes - 1);
  });

  it('AV16 tells two files of the same name apart', async () => {
    const first = host.setAvatar(source('a.glb', plain()));
    const second = host.setAvatar(source('a.glb', avatarGlb({ targets: [] })));
    expect(await first).toBeNull();
    expect(await second).toMatch(/turns its head/);
    expect(drawRequests).toBe(1);
    await host.setAvatar(source('a.glb', plain()));
    expect(held().scenes).toBe(1);
    expect(drawRequests).toBe(2);
  });

  it('AV9 hands on what the person should know', async () => {
    expect(await host.setAvatar(source('a.glb', avatarGlb({ targets: [] })))).toMatch(/turns its head/);
  });
});

describe('work of the avatar host per frame', { timeout: 60_000 }, () => {
  const face = {
    id: 1,
    state: 'tracked',
    camera: { rotation: [0, 0, 0, 1], centre: [320, 240], scale: 1, distance: 800 },
    pose: { rotation: [0, 0, 0, 1], translation: [0, 0, -600] },
    coefficients: { identity: new Float32Array(80), light: new Float32Array(27) },
    crop: { centreX: 320, centreY: 240, side: 300, angle: 0 },
    expressionValues: new Float32Array(52),
  } as unknown as Face;
  const over = { shown: true, place: 'over', light: 1 } as const;
  const studio = { shown: true, place: 'studio', light: 1 } as const;
  let measures: MockInstance;
  let steps: MockInstance;

  beforeEach(() => {
    measures = vi.spyOn(FittedHead.prototype, 'measure');
    steps = vi.spyOn(AvatarMotion.prototype, 'step');
    host.setModel(MODEL);
  });
  afterEach(() => vi.restoreAllMocks());

  it('AV18 measures and moves nothing while no avatar is drawn', async () => {
    host.updateAvatars([face], 0, over);
    await host.setAvatar(source('a.glb', plain()));
    host.updateAvatars([face], 0.04, { ...over, shown: false });
    expect(measures).not.toHaveBeenCalled();
    expect(steps).not.toHaveBeenCalled();
  });

  it('AV18 follows each face over the video, and one in a studio', async () => {
    await host.setAvatar(source('a.glb', plain()));
    expect(host.updateAvatars([face, { ...face, id: 2 }], 0, over)).toBeUndefined();
    expect(measures).toHaveBeenCalledTimes(2);
    measures.mockClear();
    expect(host.updateAvatars([face], 0.04, studio)?.face).toBe(face);
    expect(measures).not.toHaveBeenCalled();
  });

  it.each([1 / 24, 1, 0])('AV21 draws one avatar per listed face, also %d s after a cut', async (gap) => {
    await host.setAvatar(source('a.glb', plain()));
    const drawn = vi.spyOn(AvatarScene.prototype, 'render').mockImplementation(() => {});
    const placed = vi.spyOn(AvatarScene.prototype, 'placeOver').mockImplementation(() => {});
    const view = { placement: {} as Placement, canvas: { width: 640, height: 480 }, mirror: false };
    const draw = (faces: readonly Face[], time: number) => {
      drawn.mockClear();
      placed.mockClear();
      host.updateAvatars(faces, time, over);
      host.renderAvatars(view);
      return [drawn.mock.calls.length, placed.mock.calls.map(([{ id }, { presence }]) => [id, presence])];
    };
    expect(draw([face], 0)).toEqual([1, [[1, 1]]]);
    expect(draw([{ ...face, id: 2 }], gap)).toEqual([1, [[2, 1]]]);
    expect(draw([], 2 * gap)).toEqual([0, []]);
  });

  it('AV18 places a studio without an avatar by its motion alone, anew after each visit', () => {
    const far = { ...face, pose: { ...face.pose, translation: [90, 0, -600] } } as Face;
    host.updateAvatars([face], 0, { ...studio, shown: false });
    host.updateAvatars([far], 0.04, over);
    const head = host.updateAvatars([far], 0.08, { ...studio, shown: false });
    expect(head?.pose.offset).toEqual([0, 0, 0]);
    expect(measures).not.toHaveBeenCalled();
  });
});
