/**
 * A stored file as the answer to a request: the part that a Range header names, and, for pages and scripts, the headers
 * of the version that the host did not send.
 */
export async function answerWith(
  request: Request,
  stored: Response,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const complete = new Headers(stored.headers);
  for (const [name, value] of Object.entries(headers)) if (!complete.has(name)) complete.set(name, value);
  const range = readRange(request.headers.get('range'));
  if (!range) return new Response(stored.body, { status: stored.status, headers: complete });
  return partOf(await stored.blob(), range, complete);
}

interface Range {
  /** Undefined: the last `last` bytes. */
  readonly first: number | undefined;
  /** Undefined: up to the end of the file. */
  readonly last: number | undefined;
}

/** A single range; several ranges, and other units, are answered with the whole file, as servers may do. */
function readRange(header: string | null): Range | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  return { first: first === '' ? undefined : Number(first), last: last === '' ? undefined : Number(last) };
}

function partOf(file: Blob, { first, last }: Range, headers: Headers): Response {
  const start = first ?? Math.max(0, file.size - (last ?? 0));
  const end = first === undefined ? file.size : Math.min(file.size, (last ?? file.size) + 1);
  if (start >= end) {
    headers.set('content-range', `bytes */${file.size}`);
    headers.set('content-length', '0');
    return new Response(null, { status: 416, headers });
  }
  headers.set('content-range', `bytes ${start}-${end - 1}/${file.size}`);
  headers.set('content-length', String(end - start));
  return new Response(file.slice(start, end), { status: 206, headers });
}
