import type { Provider } from '../face/types';
import { DeviceLostError, type FocusSession } from '../focus/focus-session';
import type { NetworkOutput } from '../focus/session';

/** The network, rebuilt when its device is lost. */
export interface Network {
  readonly provider: Provider;
  /** Runs on 3 × size × size RGB. Throws when the network fails for another reason than a lost device. */
  run(image: Float32Array): Promise<NetworkOutput>;
}

/** Rebuilds in a row after which the graphics device is given up. */
const REBUILDS = 3;

/**
 * Opens the network. When its device is lost it is opened anew, three times in a row at most, then on the CPU; the run
 * that met the loss is done again. A run that succeeds starts the count anew. What cannot be opened anew counts as lost; a
 * run that even the CPU does not save throws DeviceLostError.
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
          // What is lost may not close any more; there is nothing left to free then.
          session?.close().catch(() => undefined);
          session = undefined;
        }
      }
    },
  };
}

function lostForGood(cause: unknown): DeviceLostError {
  return new DeviceLostError('The CPU did not take over. Reload the page, or choose the provider wasm.', { cause });
}
