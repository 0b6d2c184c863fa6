import type { EngineChoice, OpenEngine } from './open-engine';

export { type EngineChoice, EngineError, type EngineKind, type OpenEngine } from './open-engine';

/** The adapter properties that the choice depends on. Older browsers have `isFallbackAdapter` on the adapter itself. */
export interface AdapterTraits {
  readonly isFallbackAdapter?: boolean;
  readonly info?: Partial<GPUAdapterInfo>;
}

/** The browser's side of opening an engine; replaced in tests. */
export interface EngineOpeners {
  /** Undefined or null where there is no WebGPU or no adapter. */
  readonly findAdapter: () => Promise<AdapterTraits | null | undefined>;
  readonly openWebGPU: (canvas: HTMLCanvasElement) => Promise<OpenEngine>;
  readonly openWebGL: (canvas: HTMLCanvasElement) => Promise<OpenEngine>;
}

/**
 * Opens a Babylon.js engine on the canvas. `auto` takes WebGPU if there is a hardware adapter and it opens, else
 * WebGL2. Throws EngineError. A canvas that had an engine of one kind cannot take the other.
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
      // A browser may offer an adapter and refuse its device. openWebGL throws if WebGL2 is not available either.
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

/** Whether an adapter draws on the CPU, by its own description. Without a description it counts as hardware. */
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
