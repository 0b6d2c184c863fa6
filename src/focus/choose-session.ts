import { at } from '../face/at';
import type { Provider } from '../face/types';
import { type FocusSession, guardSession, type RawSession, type Runtime, type SessionOptions } from './focus-session';

/** Number of values of the network's input. */
const INPUT_LENGTH = 3 * 192 * 192;
/** Untimed calls at the start: code is still being compiled. */
const UNTIMED = { least: 1, most: 50, budgetMs: 400 } as const;
const TIMED = 9;

/** Opens and warms up the session for `options`; see `openSession`. */
export async function chooseSession(
  runtime: Runtime,
  network: ArrayBuffer,
  options: SessionOptions,
): Promise<FocusSession> {
  const { provider, threads } = options;
  if (!(Number.isInteger(threads) && threads >= 1))
    throw new RangeError(`threads: ${threads} is not an integer from 1 on`);
  if (provider !== 'auto') return openWarm(runtime, provider, network, threads);
  return chooseFaster(runtime, network, threads);
}

/**
 * The faster provider of those that open. Without a hardware GPU it is wasm, which is then not timed. Throws wasm's error
 * where none opens.
 */
async function chooseFaster(runtime: Runtime, network: ArrayBuffer, threads: number): Promise<FocusSession> {
  if (!(await runtime.hasHardwareGpu().catch(() => false))) return openWarm(runtime, 'wasm', network, threads);
  const wasm = await settled(openTimed(runtime, 'wasm', network, threads));
  const gpu = await settled(openTimed(runtime, 'webgpu', network, threads));
  if (gpu.status !== 'fulfilled') {
    if (wasm.status === 'rejected') throw wasm.reason;
    return wasm.value;
  }
  if (wasm.status === 'rejected') return gpu.value;
  const [better, worse] = gpu.value.warmMs < wasm.value.warmMs ? [gpu.value, wasm.value] : [wasm.value, gpu.value];
  await worse.close();
  return better;
}

async function settled<T>(work: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [result] = await Promise.allSettled([work]);
  return result;
}

/** One call: it compiles the kernels and verifies the shapes of the outputs. */
async function openWarm(runtime: Runtime, provider: Provider, network: ArrayBuffer, threads: number) {
  const raw = await runtime.open(provider, network, threads);
  return orClose(raw, async () => {
    const began = runtime.now();
    await raw.run(new Float32Array(INPUT_LENGTH));
    return guardSession(raw, provider, runtime.now() - began);
  });
}

async function openTimed(runtime: Runtime, provider: Provider, network: ArrayBuffer, threads: number) {
  const raw = await runtime.open(provider, network, threads);
  return orClose(raw, async () => guardSession(raw, provider, await timeWarm(runtime, raw)));
}

async function timeWarm(runtime: Runtime, raw: RawSession): Promise<number> {
  const image = new Float32Array(INPUT_LENGTH);
  const began = runtime.now();
  for (let i = 0; i < UNTIMED.most; i++) {
    if (i >= UNTIMED.least && runtime.now() - began > UNTIMED.budgetMs) break;
    await raw.run(image);
  }
  const times: number[] = [];
  for (let i = 0; i < TIMED; i++) {
    const start = runtime.now();
    await raw.run(image);
    times.push(runtime.now() - start);
  }
  return at(
    times.sort((a, b) => a - b),
    (TIMED - 1) / 2,
  );
}

/** Closes the session where `use` fails. */
async function orClose<T>(raw: RawSession, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    await raw.close().catch(() => {});
    throw error;
  }
}
