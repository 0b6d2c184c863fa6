import '@babylonjs/core/Engines/Extensions/engine.dynamicTexture';
import '@babylonjs/core/Engines/Extensions/engine.rawTexture';
import '@babylonjs/core/Engines/Extensions/engine.readTexture';
import '@babylonjs/core/Engines/Extensions/engine.renderTarget';
import '@babylonjs/core/Engines/Extensions/engine.alpha';
import { Engine } from '@babylonjs/core/Engines/engine';
import { EngineError, type OpenEngine } from './open-engine';

/** Opens WebGL2. Throws EngineError. */
export function openWebGL(canvas: HTMLCanvasElement): OpenEngine {
  let engine: Engine;
  try {
    engine = new Engine(canvas, true, {
      alpha: true,
      stencil: true,
      doNotHandleContextLost: true,
      loseContextOnDispose: true,
      audioEngine: false,
      // Babylon.js makes the canvas focusable, before all other elements.
      canvasTabIndex: -1,
    });
  } catch (error) {
    throw new EngineError(`WebGL2 could not be opened: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (engine.webGLVersion < 2) {
    engine.dispose();
    throw new EngineError('This browser has no WebGL2.');
  }
  const lost = new Promise<string>((resolve) => {
    canvas.addEventListener(
      'webglcontextlost',
      () => {
        if (!engine.isDisposed) resolve('The graphics context was lost.');
      },
      { once: true },
    );
  });
  return { engine, kind: 'webgl2', lost };
}
