/** A position in a file; line and column from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * The position in the source file if the running script has an inline source map (as on the development server); else
 * the position in the script. The file is given by its path.
 */
export async function sourcePosition(place: Position): Promise<Position> {
  const map = await inlineMap(place.file).catch(() => undefined);
  const found = map === undefined ? undefined : await originalPosition(map, place);
  return { ...(found ?? place), file: pathOf(place.file) };
}

/** The script's inline source map as JSON text. */
async function inlineMap(url: string): Promise<string | undefined> {
  const code = await (await fetch(url)).text();
  const base64 = /\/\/# sourceMappingURL=data:application\/json;(?:charset=utf-8;)?base64,([\w+/=]+)\s*$/.exec(
    code,
  )?.[1];
  if (!base64) return undefined;
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

function pathOf(url: string): string {
  try {
    return new URL(url).pathname.replace(/^\//, '');
  } catch {
    return url;
  }
}

/** The mapping at or before a position in the script, else the next one of its line; undefined for none. `map`: JSON text. */
export async function originalPosition(map: string, place: Position): Promise<Position | undefined> {
  // Loaded on demand: only the development server has source maps, and only a failing filter needs them.
  const { LEAST_UPPER_BOUND, originalPositionFor, TraceMap } = await import('@jridgewell/trace-mapping');
  const traced = new TraceMap(map);
  const needle = { line: place.line, column: place.column - 1 };
  const before = originalPositionFor(traced, needle);
  const found = before.line === null ? originalPositionFor(traced, { ...needle, bias: LEAST_UPPER_BOUND }) : before;
  return found.line === null ? undefined : { file: place.file, line: found.line, column: found.column + 1 };
}
