import type * as Ort from 'onnxruntime-web';
import { type AssetUrls, assetUrl } from '../assets/asset-urls';
import { chooseSession } from './choose-session';
import type { FocusSession, RawSession, Runtime, SessionOptions } from './focus-session';
import { type NetworkOutput, readOutputs } from './network-output';
import { loadPlainRuntime, PLAIN_WASM } from './wasm-model';

export { DeviceLostError, type FocusSession, type SessionOptions } from './focus-session';
export type { NetworkOutput } from './network-output';

/**
 * Opens the network and warms it up. 'auto' selects WebGPU only where the adapter is not a software adapter and its timed
 * warm-up is faster than wasm's. A provider that is requested by name is used, or the call throws. Threads need a page that
 * is cross-origin isolated. `assets`: where the WebAssembly files are.
 */
export function openSession(network: ArrayBuffer, options: OpenSessionOptions): Promise<FocusSession> {
  return chooseSession(browserRuntime(options.assets), network, options);
}

export interface OpenSessionOptions extends SessionOptions {
  readonly assets: AssetUrls;
}

/** Whether WebAssembly can wait for promises (JSPI). */
const HAS_JSPI = 'Suspending' in WebAssembly;

/**
 * Files of onnxruntime-web below the assets folder: the plain build, and the one with WebGPU. The latter is 10 MB smaller
 * where WebAssembly can wait for promises.
 */
export const NETWORK_WASM = {
  wasm: PLAIN_WASM,
  webgpu: `wasm/ort-wasm-simd-threaded.${HAS_JSPI ? 'jspi' : 'asyncify'}`,
} as const;

/** An ONNX model with the single operator Identity: opening it loads and compiles the WebAssembly of onnxruntime. */
const SMALLEST_MODEL = 'CAg6NwoQCgF4EgF5IghJZGVudGl0eRIBZ1oPCgF4EgoKCAgBEgQKAggBYg8KAXkSCgoICAESBAoCCAFCBAoAEBE=';

/**
 * Loads and compiles WebAssembly that `openSession` will use with the same options, so that it need not wait for it. Never
 * rejects: `openSession` reports what is wrong.
 */
export async function prepareSession({ provider, threads, assets }: OpenSessionOptions): Promise<void> {
  if (provider === 'webgpu') return;
  try {
    const ort = await loadPlainRuntime({ assets, threads });
    const model = Uint8Array.from(atob(SMALLEST_MODEL), (character) => character.charCodeAt(0));
    await (await ort.InferenceSession.create(model, { executionProviders: ['wasm'] })).release();
  } catch {
    // See above.
  }
}

/** onnxruntime-web in a page or a worker. */
const browserRuntime = (assets: AssetUrls): Runtime => ({
  hasHardwareGpu: async () => {
    const adapter = await findAdapter();
    return adapter !== null && !isSoftware(adapter.info);
  },
  open: (provider, network, threads) =>
    provider === 'webgpu' ? openWebGpu(network, assets) : openWasm(network, threads, assets),
  now: () => performance.now(),
});

async function openWasm(network: ArrayBuffer, threads: number, assets: AssetUrls): Promise<RawSession> {
  const ort = await loadPlainRuntime({ assets, threads });
  const session = await ort.InferenceSession.create(network, { executionProviders: ['wasm'] });
  return rawSession(ort, session, new Promise(() => {}), () => {});
}

/** Only this uses the builds with WebGPU: on the CPU, the asyncify build is ten times slower than the plain one. */
async function openWebGpu(network: ArrayBuffer, assets: AssetUrls): Promise<RawSession> {
  const adapter = await findAdapter();
  if (!adapter) throw new Error('WebGPU: no adapter');
  const device = await adapter.requestDevice({ requiredLimits: requiredLimitsOf(adapter.limits) });
  try {
    const ort = await (HAS_JSPI ? import('onnxruntime-web/jspi') : import('onnxruntime-web/webgpu'));
    ort.env.wasm.wasmPaths = wasmPaths(assets, NETWORK_WASM.webgpu);
    ort.env.wasm.numThreads = 1;
    const session = await ort.InferenceSession.create(network, { executionProviders: [{ name: 'webgpu', device }] });
    const lost = device.lost.then((info) => info.message || info.reason || 'unknown reason');
    return rawSession(ort, session, lost, () => device.destroy());
  } catch (error) {
    device.destroy();
    throw error;
  }
}

function rawSession(
  ort: typeof Ort,
  session: Ort.InferenceSession,
  lost: Promise<string>,
  destroy: () => void,
): RawSession {
  return {
    lost,
    async run(image): Promise<NetworkOutput> {
      const input = new ort.Tensor('float32', image, [1, 3, 192, 192]);
      return readOutputs(await session.run({ image: input }));
    },
    async close() {
      try {
        await session.release();
      } finally {
        destroy();
      }
    },
  };
}

async function findAdapter(): Promise<GPUAdapter | null> {
  return (await globalThis.navigator?.gpu?.requestAdapter({ powerPreference: 'high-performance' })) ?? null;
}

/** Whether an adapter computes on the CPU, by its own description. */
function isSoftware(info: GPUAdapterInfo): boolean {
  const words = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`;
  return info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|software|basic render/i.test(words);
}

/** The adapter's limits for what the kernels of onnxruntime use. */
function requiredLimitsOf(limits: GPUSupportedLimits): Record<string, number> {
  return {
    maxBufferSize: limits.maxBufferSize,
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
    maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
    maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
    maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
    maxComputeWorkgroupSizeY: limits.maxComputeWorkgroupSizeY,
    maxComputeWorkgroupSizeZ: limits.maxComputeWorkgroupSizeZ,
  };
}

function wasmPaths(assets: AssetUrls, name: string): { wasm: string; mjs: string } {
  return { wasm: assetUrl(assets, `${name}.wasm`), mjs: assetUrl(assets, `${name}.mjs`) };
}
