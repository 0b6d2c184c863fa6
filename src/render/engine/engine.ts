import type { EngineChoice, OpenEngine } from './open-engine';

export { type EngineChoice, EngineError, type EngineKind, type OpenEngine } from './open-engine';

/** An adapter as far as the choice needs it; browsers before `info` say on the adapter itself that it is a fall-back. */
export interface AdapterTraits {
  readonly isFallbackAdapter?: boolean;
  readonly info?: Partial<GPUAdapterInfo>;
}

/** What the browser does for an engine; given as doubles in tests. */
export interface EngineOpeners {
  /** Undefined or null where there is no WebGPU or no adapter. */
  readonly findAdapter: () => Promise<AdapterTraits | null | undefined>;
  readonly openWebGPU: (canvas: HTMLCanvasElement) => Promise<OpenEngine>;
  readonly openWebGL: (canvas: HTMLCanvasElement) => Promise<OpenEngine>;
}

/**
 * Opens Babylon's engine on the canvas. `auto` takes WebGPU unless its adapter is missing or a software one or it does
 * not open, then WebGL2. Throws EngineError. Once a canvas has had an engine of one kind it cannot take the other.
 */
export async function openEngine(
  canvas: HTMLCanvasElement,
  choice: EngineChoice,
  openers: EngineOpeners = browserOpeners,
): Promise<OpenEngine> {
  if (choice === 'webgpu') return openers.openWebGPU(canvas);
  if (choice === 'auto' && (await hasHardware(openers))) {
    try {
      return await openers.openWebGPU(canvas);
    } catch {
      // A browser may offer an adapter and refuse its device; WebGL2 says for itself when it does not open either.
    }
  }
  return openers.openWebGL(canvas);
}

async function hasHardware({ findAdapter }: EngineOpeners): Promise<boolean> {
  try {
    const adapter = await findAdapter();
    return adapter ? !isSoftware(adapter) : false;
  } catch {
    return false;
  }
}

/** Adapters that draw on the CPU, by what they say of themselves; one that says nothing counts as hardware. */
function isSoftware({ isFallbackAdapter, info = {} }: AdapterTraits): boolean {
  if (isFallbackAdapter || info.isFallbackAdapter) return true;
  const words = [info.vendor, info.architecture, info.device, info.description].join(' ');
  return /swiftshader|llvmpipe|lavapipe|software|basic render/i.test(words);
}

const browserOpeners: EngineOpeners = {
  findAdapter: async () => navigator.gpu?.requestAdapter(),
  openWebGPU: async (canvas) => (await import('./engine-webgpu')).openWebGPU(canvas),
  openWebGL: async (canvas) => (await import('./engine-webgl')).openWebGL(canvas),
};
