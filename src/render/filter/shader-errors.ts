import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import type { Scene } from '@babylonjs/core/scene';
import type { CheckedWebGPUEngine } from '../engine/checked-webgpu-engine';

/** The compilation error of the first shader in the scene that failed with all its fallbacks. */
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
 * Draws, and reports later if a WebGPU device rejects the commands, for example two shaders that compile but do not
 * match. WebGL2 reports that at compile time.
 */
export function drawChecked(engine: AbstractEngine, draw: () => void, onError: (error: Error) => void): void {
  const device = engine.isWebGPU ? (engine as CheckedWebGPUEngine)._device : undefined;
  device?.pushErrorScope('validation');
  try {
    draw();
  } finally {
    device?.popErrorScope().then(
      (error) => error && onError(new Error(`the graphics device rejects it: ${error.message.split('\n')[0]}`)),
      // The device is lost.
      () => undefined,
    );
  }
}
