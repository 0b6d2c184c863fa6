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
 * server does not send, or whose content is not what its name says; undefined where there is none. Never throws.
 */
export async function findUnusable(urls: readonly string[]): Promise<AssetError | undefined> {
  for (const url of urls) {
    try {
      const problem = await contentProblem(url, await fetchAsset(url));
      if (problem) return new AssetError('asset-invalid', `${url}: ${problem}. Is the file complete?`);
    } catch (error) {
      if (error instanceof AssetError) return error;
    }
  }
  return undefined;
}

async function contentProblem(url: string, response: Response): Promise<string | undefined> {
  const bytes = await response.arrayBuffer();
  const { pathname } = new URL(url);
  if (pathname.endsWith('.wasm') && !WebAssembly.validate(bytes))
    return 'not a WebAssembly module that this browser can run';
  if (pathname.endsWith('.tflite') && !isTflite(bytes)) return 'not a TensorFlow Lite model';
  const type = response.headers.get('content-type') ?? '';
  if (pathname.endsWith('.mjs') && !/\b(java|ecma)script\b/.test(type))
    return `got ${type || 'no content type'} instead of text/javascript`;
  return undefined;
}

/** Identifier of TensorFlow Lite's flatbuffers, after the offset of the root. */
function isTflite(bytes: ArrayBuffer): boolean {
  return new TextDecoder().decode(bytes.slice(4, 8)) === 'TFL3';
}

function problemOf(response: Response): string | undefined {
  const type = response.headers.get('content-type')?.split(';')[0]?.trim() || 'no content type';
  if (!response.ok) return `HTTP ${response.status}, ${type}`;
  return type === 'text/html' ? `got ${type} instead of the file, HTTP ${response.status}` : undefined;
}
