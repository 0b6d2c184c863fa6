import { AssetError } from './asset-error';

/**
 * Requests a file. Throws AssetError with the address, the status and the content type when the server does not send it;
 * many servers answer with a page (text/html) and status 200 for a file that is missing. An abort rejects with the
 * signal's reason.
 */
export async function fetchAsset(url: string, signal?: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new AssetError('asset-unreachable', `${url}: ${reason}. Is the address right, and may the page read it?`, {
      cause: error,
    });
  }
  const problem = problemOf(response);
  if (!problem) return response;
  await response.body?.cancel();
  throw new AssetError('asset-unreachable', `${url}: ${problem}. Is the assets folder served there?`);
}

/**
 * Why files cannot be used, for an error whose message does not name the file: the AssetError of the first file that the
 * server does not send; undefined where it sends all. Never throws.
 */
export async function findMissing(urls: readonly string[]): Promise<AssetError | undefined> {
  for (const url of urls) {
    try {
      const response = await fetchAsset(url);
      await response.body?.cancel();
    } catch (error) {
      if (error instanceof AssetError) return error;
    }
  }
  return undefined;
}

function problemOf(response: Response): string | undefined {
  const type = response.headers.get('content-type')?.split(';')[0]?.trim() || 'no content type';
  if (!response.ok) return `HTTP ${response.status}, ${type}`;
  return type === 'text/html' ? `got ${type} instead of the file, HTTP ${response.status}` : undefined;
}
