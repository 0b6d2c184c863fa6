import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import { AvatarScene, avatarSpace } from './avatar-scene';
import { loadAvatar } from './load';
import { AvatarRig } from './rig';

/** Opens a GLB or VRM file. Throws AvatarError and leaves nothing behind. */
export async function openAvatar(engine: AbstractEngine, bytes: ArrayBuffer, name: string): Promise<AvatarScene> {
  const scene = avatarSpace(engine);
  try {
    return new AvatarScene(scene, new AvatarRig(await loadAvatar(bytes, name, scene)));
  } catch (error) {
    scene.dispose();
    throw error;
  }
}
