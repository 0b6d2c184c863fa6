import { fetchAsset } from '../assets/fetch-asset';
import { TrackerError } from '../pipeline/tracker-error';

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
