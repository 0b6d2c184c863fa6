import type { Provider } from '../face/types';
import type { NetworkOutput } from './network-output';

/** The network's GPU device went away; a new session must be opened. */
export class DeviceLostError extends Error {
  override readonly name = 'DeviceLostError';
}

export interface SessionOptions {
  readonly provider: 'auto' | Provider;
  /** onnxruntime's threads, 1 or more; used by wasm on a cross-origin isolated page only. */
  readonly threads: number;
}

/** An open network. */
export interface FocusSession {
  readonly provider: Provider;
  /** Milliseconds of a call in the warm-up: the median, or the first where only one was made. */
  readonly warmMs: number;
  /**
   * 3 × 192 × 192 in, named outputs out. Calls run one after the other in the order of asking; a failed one does not
   * spoil the next. What it gives is the caller's: later calls leave it as it is. Throws DeviceLostError once the GPU is
   * gone, an Error after close.
   */
  run(image: Float32Array): Promise<NetworkOutput>;
  /** Waits for the running call; may be called again. */
  close(): Promise<void>;
}

/** What onnxruntime gives: neither serialised nor watched. */
export interface RawSession {
  /** Resolves with a reason when the device is lost; never for wasm. */
  readonly lost: Promise<string>;
  run(image: Float32Array): Promise<NetworkOutput>;
  close(): Promise<void>;
}

/** What sessions are opened with; a double in tests. */
export interface Runtime {
  /** Whether there is a WebGPU adapter that is no software fall-back. */
  hasHardwareGpu(): Promise<boolean>;
  open(provider: Provider, network: ArrayBuffer, threads: number): Promise<RawSession>;
  /** Milliseconds. */
  now(): number;
}

/** Serialise a raw session and watch its device. */
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
      // A call that fails because of the loss may fail before the loss is told.
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
