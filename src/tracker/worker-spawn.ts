import { fetchAsset } from '../assets/fetch-asset';
import { type Port, TrackerError } from '../pipeline/client';

/**
 * Starts the worker's script. Browsers refuse workers from another origin: there a blob imports the script, which its
 * server must allow by CORS. Throws TrackerError unsupported where there are no workers, as on a server.
 */
export function spawnWorker(url: string): Port {
  if (!('Worker' in globalThis)) {
    const message =
      'createTracker needs a browser: call it on the client, for example in an effect or an event handler.';
    throw new TrackerError({ name: 'UnsupportedError', code: 'unsupported', message });
  }
  const options = { type: 'module', name: 'peekaboo' } as const;
  if (new URL(url).origin === globalThis.location.origin) return new Worker(url, options);
  const script = URL.createObjectURL(new Blob([`import ${JSON.stringify(url)};`], { type: 'text/javascript' }));
  const worker = new Worker(script, options);
  const revoke = () => URL.revokeObjectURL(script);
  worker.addEventListener('message', revoke, { once: true });
  worker.addEventListener('error', revoke, { once: true });
  return worker;
}

/** The error of a worker that did not start with the reason, which browsers do not tell: its script is requested again. */
export async function explainBlocked(error: unknown, url: string): Promise<unknown> {
  if (!(error instanceof TrackerError) || error.code !== 'worker-blocked') return error;
  const reason = await reasonOf(url);
  return new TrackerError({ name: 'WorkerError', code: 'worker-blocked', message: `${error.message} ${reason}` });
}

async function reasonOf(url: string): Promise<string> {
  try {
    const response = await fetchAsset(url);
    await response.body?.cancel();
    const type = response.headers.get('content-type') ?? '';
    if (!/\b(java|ecma)script\b/.test(type))
      return `${url}: got ${type || 'no content type'} instead of text/javascript.`;
    return `${url} can be loaded: does the content security policy allow it in worker-src (blob: for another origin) and script-src?`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
