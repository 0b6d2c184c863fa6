import type { Provider } from '../face/types';
import type { NetworkOutput } from './network-output';

/** The network's GPU device was lost; open a new session. */
export class DeviceLostError extends Error {
  override readonly name = 'DeviceLostError';
}

export interface SessionOptions {
  readonly provider: 'auto' | Provider;
  /** Threads of onnxruntime, 1 or more. Only wasm on a cross-origin isolated page uses them. */
  readonly threads: number;
}

/** An open network. */
export interface FocusSession {
  readonly provider: Provider;
  /** Latency of a call during warm-up, ms: the median, or the only call. */
  readonly warmMs: number;
  /**
   * 3 × 192 × 192 in, named outputs out. Calls run one after the other in call order; a failed call does not affect the
   * next. The result belongs to the caller and is not overwritten. Throws DeviceLostError after the GPU device was lost, an
   * Error after close.
   */
  run(image: Float32Array): Promise<NetworkOutput>;
  /** Waits for the running call. Idempotent. */
  close(): Promise<void>;
}

/** A session of onnxruntime: calls are not serialised, and the device is not watched. */
export interface RawSession {
  /** Resolves with a reason when the device is lost; never for wasm. */
  readonly lost: Promise<string>;
  run(image: Float32Array): Promise<NetworkOutput>;
  close(): Promise<void>;
}

/** Where sessions are opened; a double in tests. */
export interface Runtime {
  /** Whether there is a WebGPU adapter that is not a software adapter. */
  hasHardwareGpu(): Promise<boolean>;
  open(provider: Provider, network: ArrayBuffer, threads: number): Promise<RawSession>;
  /** Milliseconds. */
  now(): number;
}

/** Serialises the calls of a raw session and watches its device. */
export function guardSession(raw: RawSession, provider: Provider, warmMs: number): FocusSession {
  let closing: Promise<void> | undefined;
  let lostReason: string | undefined;
  let tail: Promise<unknown> = Promise.resolve();
  const lost = raw.lost.then((reason) => {
    lostReason = reason;
    throw new DeviceLostError(`the GPU device was lost: ${reason}`);
  });
  lost.catch(() => {});
  const call = async (image: Float32Array): Promise<NetworkOutput> => {
    try {
      return await Promise.race([raw.run(image), lost]);
    } catch (error) {
      // A call may fail because of the loss before the loss is reported.
      await Promise.race([lost, new Promise((resolve) => setTimeout(resolve, 0))]);
      throw error;
    }
  };
  return {
    provider,
    warmMs,
    run(image) {
      if (closing) return Promise.reject(new Error('the session is closed'));
      if (lostReason !== undefined)
        return Promise.reject(new DeviceLostError(`the GPU device was lost: ${lostReason}`));
      const result = tail.then(() => call(image));
      tail = result.catch(() => {});
      return result;
    },
    close() {
      closing ??= tail.then(() => raw.close());
      return closing;
    },
  };
}
