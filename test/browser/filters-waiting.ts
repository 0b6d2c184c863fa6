/** What the pages of the filters' tests wait for: files on their way, and scenes whose shaders still compile. */
import { EngineStore } from '@babylonjs/core/Engines/engineStore';
import type { Scene } from '@babylonjs/core/scene';

let fetching = 0;
const fetchFile = window.fetch;
window.fetch = (...asked) => {
  fetching++;
  return fetchFile(...asked).finally(() => fetching--);
};

/** Of the last engine made, those of filters and avatars too. */
export function allScenes(): Scene[] {
  const engine = EngineStore.LastCreatedEngine;
  return engine ? [...engine.scenes, ...engine._virtualScenes] : [];
}

/** Waits until `holds`, no file is on its way and all shaders are there, for some frames on end. Throws with `what`. */
export async function settled(holds: () => boolean, what: () => string): Promise<void> {
  for (let calm = 0, waited = 0; calm < 15; waited++) {
    await new Promise((done) => requestAnimationFrame(done));
    calm = fetching === 0 && holds() && allScenes().every(isReady) ? calm + 1 : 0;
    if (waited > 1500) throw new Error(what());
  }
}

function isReady({ meshes }: Scene): boolean {
  return meshes.every((mesh) => !mesh.isEnabled() || mesh.isReady(true));
}
