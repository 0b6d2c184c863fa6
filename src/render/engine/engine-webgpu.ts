import '@babylonjs/core/Engines/WebGPU/Extensions/engine.alpha';
import '@babylonjs/core/Engines/WebGPU/Extensions/engine.dynamicTexture';
import '@babylonjs/core/Engines/WebGPU/Extensions/engine.rawTexture';
import '@babylonjs/core/Engines/WebGPU/Extensions/engine.readTexture';
import '@babylonjs/core/Engines/WebGPU/Extensions/engine.renderTarget';
import { CheckedWebGPUEngine } from './checked-webgpu-engine';
import { EngineError, type OpenEngine } from './open-engine';

/** Opens WebGPU. Throws EngineError. */
export async function openWebGPU(canvas: HTMLCanvasElement): Promise<OpenEngine> {
  if (!navigator.gpu) throw new EngineError('This browser has no WebGPU.');
  const engine = new CheckedWebGPUEngine(canvas, {
    antialias: true,
    stencil: true,
    doNotHandleContextLost: true,
    audioEngine: false,
    // Babylon.js makes the canvas focusable, before all other elements.
    canvasTabIndex: -1,
  });
  try {
    await engine.initAsync();
  } catch (error) {
    discard(engine);
    throw new EngineError(`WebGPU could not be opened: ${error instanceof Error ? error.message : String(error)}`);
  }
  const lost = new Promise<string>((resolve) => {
    engine._device.lost.then(({ message, reason }) => {
      if (!engine.isDisposed && reason !== 'destroyed') resolve(message || 'The graphics device was lost.');
    });
  });
  return { engine, kind: 'webgpu', lost };
}

/** Disposes an engine that did not initialise; `dispose` itself may fail then. */
function discard(engine: CheckedWebGPUEngine): void {
  try {
    engine.dispose();
  } catch {
    // The caller reports why the engine did not open.
  }
}
