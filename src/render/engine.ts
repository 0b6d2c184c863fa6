import type { EngineChoice, OpenEngine } from './open-engine';

export { type EngineChoice, EngineError, type EngineKind, type OpenEngine } from './open-engine';

/**
 * Opens Babylon's engine on the canvas. `auto` takes WebGPU unless its adapter is missing or a software one, then WebGL2.
 * Throws EngineError. Once a canvas has had an engine of one kind it cannot take the other.
 */
export async function openEngine(canvas: HTMLCanvasElement, choice: EngineChoice): Promise<OpenEngine> {
  if (choice === 'webgpu' || (choice === 'auto' && (await hardwareWebGPU()))) {
    const { openWebGPU } = await import('./engine-webgpu');
    return openWebGPU(canvas);
  }
  const { openWebGL } = await import('./engine-webgl');
  return openWebGL(canvas);
}

async function hardwareWebGPU(): Promise<boolean> {
  const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
  return adapter !== null && adapter !== undefined && !adapter.info.isFallbackAdapter;
}
