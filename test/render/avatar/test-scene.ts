import { NullEngine } from '@babylonjs/core/Engines/nullEngine';
import type { Scene } from '@babylonjs/core/scene';
import { afterEach, beforeEach } from 'vitest';
import { avatarSpace } from '../../../src/render/avatar/avatar-scene';

/** Names of bones that say nothing. */
export const NO_NAMES = { neck: 'a', head: 'b', leftEye: 'c', rightEye: 'd' };
export const LIDS: readonly string[] = ['eyeBlink_L', 'eyeBlink_R'];

/** An engine without a screen and an avatar's scene, new for each test. The function returns the scene of the running test. */
export function useAvatarScene(): () => Scene {
  let engine: NullEngine;
  let scene: Scene;
  beforeEach(() => {
    engine = new NullEngine();
    scene = avatarSpace(engine);
  });
  afterEach(() => {
    scene.dispose();
    engine.dispose();
  });
  return () => scene;
}
