/** A position in a file; line and column from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

interface SourceMap {
  readonly sources: readonly string[];
  readonly mappings: string;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * The position in the source file if the running script has an inline source map (as on the development server); else
 * the position in the script. The file is given by its path.
 */
export async function sourcePosition(place: Position): Promise<Position> {
  const map = await inlineMap(place.file).catch(() => undefined);
  const found = map && originalPosition(map, place);
  return { ...(found ?? place), file: pathOf(place.file) };
}

async function inlineMap(url: string): Promise<SourceMap | undefined> {
  const code = await (await fetch(url)).text();
  const base64 = /\/\/# sourceMappingURL=data:application\/json;(?:charset=utf-8;)?base64,([\w+/=]+)\s*$/.exec(
    code,
  )?.[1];
  if (!base64) return undefined;
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)) as SourceMap;
}

function pathOf(url: string): string {
  try {
    return new URL(url).pathname.replace(/^\//, '');
  } catch {
    return url;
  }
}

/** The mapping at or before a position in the script; undefined for none. Source map v3 with one source. */
export function originalPosition({ mappings }: SourceMap, place: Position): Position | undefined {
  let line = 0;
  let column = 0;
  let best: Position | undefined;
  const rows = mappings.split(';');
  for (let row = 0; row < Math.min(rows.length, place.line); row++) {
    let generated = 0;
    for (const segment of (rows[row] ?? '').split(',')) {
      const [step = 0, , lines, columns] = decode(segment);
      generated += step;
      if (lines === undefined || columns === undefined) continue;
      line += lines;
      column += columns;
      const before = generated < place.column || best === undefined;
      if (row === place.line - 1 && before) best = { file: place.file, line: line + 1, column: column + 1 };
    }
  }
  return best;
}

/** Numbers of a segment in base 64 VLQ: five bits per digit, lowest first, sign in the lowest bit. */
function decode(segment: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const char of segment) {
    const digit = DIGITS.indexOf(char);
    value += (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}
