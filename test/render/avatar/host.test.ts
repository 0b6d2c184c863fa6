import { NullEngine } from '@babylonjs/core/Engines/nullEngine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AvatarError } from '../../../src/render/avatar/avatar-error';
import { AvatarHost } from '../../../src/render/avatar/host';
import { avatarGlb, VRM1_NAMES, vrm1 } from './avatar-files';

let engine: NullEngine;
let redraws: number;
let host: AvatarHost;

beforeEach(() => {
  engine = new NullEngine();
  redraws = 0;
  host = new AvatarHost(engine, () => redraws++);
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
    expect(redraws).toBe(1);
    await host.setAvatar(null);
    expect(held().scenes).toBe(one.scenes - 1);
  });

  it('AV9 hands on what the person should know', async () => {
    expect(await host.setAvatar(source('a.glb', avatarGlb({ targets: [] })))).toMatch(/turns its head/);
  });
});
