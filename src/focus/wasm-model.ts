import type * as Ort from 'onnxruntime-web';
import { type AssetUrls, assetUrl } from '../assets/asset-urls';

/** Files of onnxruntime-web's plain build below the assets folder, without their ending. */
export const PLAIN_WASM = 'wasm/ort-wasm-simd-threaded';

export interface WasmOptions {
  readonly assets: AssetUrls;
  /** Threads of onnxruntime; more than one only where the page is cross-origin isolated. */
  readonly threads: number;
}

/** Any model on the CPU. */
export interface WasmModel {
  /** Runs on one input of the given shape. Outputs by name. Throws where an output is not float32. */
  run(input: string, values: Float32Array, shape: readonly number[]): Promise<Readonly<Record<string, Float32Array>>>;
}

/** onnxruntime-web's plain build. Its files are loaded with the first session. */
export async function loadPlainRuntime({ assets, threads }: WasmOptions): Promise<typeof Ort> {
  const ort = await import('onnxruntime-web/wasm');
  ort.env.wasm.wasmPaths = { wasm: assetUrl(assets, `${PLAIN_WASM}.wasm`), mjs: assetUrl(assets, `${PLAIN_WASM}.mjs`) };
  ort.env.wasm.numThreads = globalThis.crossOriginIsolated ? threads : 1;
  return ort;
}

/** Opens a model on the CPU. Calls of `run` must not overlap. */
export async function openWasmModel(model: ArrayBuffer, options: WasmOptions): Promise<WasmModel> {
  const ort = await loadPlainRuntime(options);
  const session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'] });
  return {
    async run(input, values, shape) {
      const found = await session.run({ [input]: new ort.Tensor('float32', values, shape) });
      return Object.fromEntries(Object.entries(found).map(([name, { data }]) => [name, asFloats(name, data)]));
    },
  };
}

function asFloats(name: string, data: unknown): Float32Array {
  if (!(data instanceof Float32Array)) throw new TypeError(`the model's output ${name} is not float32`);
  return data;
}
