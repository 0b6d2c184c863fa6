import { type Position, sourcePosition } from './source-position';

/** A filter was switched off, or has something to say. */
export interface FilterNotice {
  /** The filter's name. */
  readonly filter: string;
  readonly title: string;
  readonly phase: 'assets' | 'setup' | 'frame' | 'drawing' | 'dispose' | 'report';
  readonly message: string;
  /** Where it happened, as far as the browser tells; line and column from 1. */
  readonly place?: Position;
}

/** Lines of a stack: Chromium and Safari write `at name (url:line:column)` or `name@url:line:column`. */
const FRAME = /((?:https?|file):\/\/[^\s()]+?|\/[^\s():]+\.\w+):(\d+):(\d+)/;

/**
 * The first place of the error's stack that lies in a filter's file, else that of `defined`. Lines of a dev server are
 * those of the file on disk.
 */
export async function errorPlace(error: unknown, defined: Error): Promise<Position | undefined> {
  for (const stack of [error instanceof Error ? error.stack : undefined, defined.stack]) {
    const places = positions(stack ?? '').filter(({ file }) => isFilterFile(file));
    const place = places[0];
    if (place) return sourcePosition(place);
  }
  return undefined;
}

export function positions(stack: string): Position[] {
  return stack.split('\n').flatMap((line) => {
    const [, file = '', row = '', column = ''] = FRAME.exec(line) ?? [];
    return file === '' ? [] : [{ file, line: Number(row), column: Number(column) }];
  });
}

/** Babylon and the host are no filter's files; in a build a filter's file is named after it. */
function isFilterFile(file: string): boolean {
  return /\/filters\//.test(file) || !/node_modules|\/src\/render\/|\/\.vite\//.test(file);
}
