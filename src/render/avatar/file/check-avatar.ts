import { AvatarError } from '../avatar-error';
import { readVrm, type Vrm } from '../vrm-file';
import type { CheckRequest, CheckResult } from './check-protocol';
import { readAvatarFile } from './glb-file';

/** Milliseconds after which a check is given up. */
const TIME_LIMIT = 20_000;

/** Checks a file in a worker and returns its VRM data; null where there is none. Throws AvatarError. */
export async function checkAvatar(bytes: ArrayBuffer, name: string): Promise<Vrm | null> {
  // Node has no workers of this kind.
  if (typeof Worker === 'undefined') return readVrm(readAvatarFile(bytes, name));
  const result = await checkInWorker({ bytes, name });
  if ('message' in result) throw new AvatarError(result.message);
  return result.vrm;
}

async function checkInWorker(request: CheckRequest): Promise<CheckResult> {
  const worker = new Worker(new URL('./check-worker.ts', import.meta.url), { type: 'module', name: 'avatar check' });
  let timeout: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<CheckResult>((resolve) => {
      const fail = () =>
        resolve({ message: `${request.name} could not be checked. Export it again, with less detail.` });
      worker.addEventListener('message', ({ data }: MessageEvent<CheckResult>) => resolve(data));
      worker.addEventListener('error', fail);
      timeout = setTimeout(fail, TIME_LIMIT);
      worker.postMessage(request);
    });
  } finally {
    clearTimeout(timeout);
    worker.terminate();
  }
}
