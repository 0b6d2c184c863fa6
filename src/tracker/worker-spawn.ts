import { type Port, TrackerError } from '../pipeline/client';

/**
 * Starts the worker's script. Browsers refuse workers from another origin: there a blob imports the script, which its
 * server must allow by CORS. Throws TrackerError unsupported where there are no workers, as on a server.
 */
export function spawnWorker(url: string): Port {
  if (!('Worker' in globalThis)) {
    const message = 'createTracker needs a browser: call it on the client.';
    throw new TrackerError({ name: 'UnsupportedError', code: 'unsupported', message });
  }
  const options = { type: 'module', name: 'peekaboo' } as const;
  if (new URL(url).origin === globalThis.location.origin) return new Worker(url, options);
  // Not revoked: the browser reads it at an unknown time, and it is short.
  return new Worker(
    URL.createObjectURL(new Blob([`import ${JSON.stringify(url)};`], { type: 'text/javascript' })),
    options,
  );
}
