import type { Provider } from '../face/types';
import { DeviceLostError, type FocusSession } from '../focus/focus-session';
import type { NetworkOutput } from '../focus/session';

/** The network; it is reopened when its device is lost. */
export interface Network {
  readonly provider: Provider;
  /** Runs on 3 × size × size RGB. Throws when the network fails for another reason than a lost device. */
  run(image: Float32Array): Promise<NetworkOutput>;
}

/** Attempts to reopen in a row, after which the graphics device is no longer used. */
const REBUILDS = 3;

/**
 * Opens the network. When its device is lost, it is reopened, at most three times in a row, then on the CPU; the run that
 * failed is repeated. A successful run resets the count. A failed attempt to reopen counts as a loss. A run that fails on the
 * CPU as well throws DeviceLostError.
 */
export async function openNetwork(
  open: (provider: 'auto' | Provider) => Promise<FocusSession>,
  wanted: 'auto' | Provider,
  isLost: (reason: unknown) => boolean,
): Promise<Network> {
  let session: FocusSession | undefined = await open(wanted);
  let { provider } = session;
  let losses = 0;

  const reopen = async (): Promise<FocusSession> => {
    session = await open(losses > REBUILDS ? 'wasm' : provider);
    provider = session.provider;
    return session;
  };

  return {
    get provider() {
      return provider;
    },
    async run(image) {
      for (;;) {
        try {
          const output = await (session ?? (await reopen())).run(image);
          losses = 0;
          return output;
        } catch (reason) {
          if (session && !isLost(reason)) throw reason;
          if (losses > REBUILDS) throw lostForGood(reason);
          losses += 1;
          // A lost session may fail to close; it has nothing left to free.
          session?.close().catch(() => undefined);
          session = undefined;
        }
      }
    },
  };
}

function lostForGood(cause: unknown): DeviceLostError {
  return new DeviceLostError(
    'The network could not be opened on the CPU either. Reload the page, or choose the provider wasm.',
    { cause },
  );
}
