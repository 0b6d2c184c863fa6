import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import type { Scene } from '@babylonjs/core/scene';
import type { CheckedWebGPUEngine } from '../engine/checked-webgpu-engine';

/** What the device says of the first shader of a scene that failed for good. */
export function shaderError({ meshes }: Scene): Error | undefined {
  for (const { effect } of meshes.flatMap(({ subMeshes }) => subMeshes ?? [])) {
    const text = effect?.allFallbacksProcessed() ? effect.getCompilationError() : '';
    if (!text) continue;
    const line = text.split('\n').find((part) => /error/i.test(part)) ?? text.slice(0, 200);
    return new Error(`a shader does not compile: ${line.replace(/^Error: /, '')}`);
  }
  return undefined;
}

/**
 * Draws, and calls back later when a WebGPU device refuses what was wanted, such as two shaders that compile and do not
 * fit together; WebGL2 says that when it compiles them.
 */
export function drawChecked(engine: AbstractEngine, draw: () => void, onError: (error: Error) => void): void {
  const device = engine.isWebGPU ? (engine as CheckedWebGPUEngine)._device : undefined;
  device?.pushErrorScope('validation');
  try {
    draw();
  } finally {
    device?.popErrorScope().then(
      (error) => error && onError(new Error(`the graphics device refuses it: ${error.message.split('\n')[0]}`)),
      // A lost device has nothing more to say of its filters.
      () => undefined,
    );
  }
}
