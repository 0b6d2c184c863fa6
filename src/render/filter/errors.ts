import { type Position, sourcePosition } from './source-position';

/** A filter was switched off, or reports a message. */
export interface FilterNotice {
  /** The filter's name. */
  readonly filter: string;
  readonly title: string;
  readonly phase: 'assets' | 'setup' | 'frame' | 'drawing' | 'dispose' | 'report';
  readonly message: string;
  /** Source position, where known; line and column from 1. */
  readonly place?: Position;
}

/** Lines of a stack: `at name (url:line:column)` in Chromium, `name@url:line:column` in Safari and Firefox. */
const FRAME = /((?:https?|file):\/\/[^\s()]+?|\/[^\s():]+\.\w+):(\d+):(\d+)/;

/**
 * The first position of the error's stack in a filter's file, else that of `defined`. With the development server's
 * source maps, lines are those of the file on disk.
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

/** Excludes the files of Babylon.js and of the host. In a build, a filter's file has the filter's name. */
function isFilterFile(file: string): boolean {
  return /\/filters\//.test(file) || !/node_modules|\/src\/render\/|\/\.vite\//.test(file);
}
