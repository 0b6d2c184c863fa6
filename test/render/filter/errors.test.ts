import { transformWithOxc } from 'vite';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { errorPlace, positions } from '../../../src/render/filter/errors';
import { originalPosition } from '../../../src/render/filter/source-position';

const SOURCE = `interface Gone {
  readonly one: number;
}

type AlsoGone = { two: string };

export function frame(state: Gone): AlsoGone {
  if (state.one > 0) throw new Error('here');
  return { two: '' };
}
`;
const THROWN_AT = 8;

async function served(): Promise<{ code: string; line: number; column: number }> {
  const { code, map } = await transformWithOxc(SOURCE, 'src/filters/mine.ts');
  const rows = code.split('\n');
  const line = rows.findIndex((row) => row.includes('new Error')) + 1;
  const column = (rows[line - 1] ?? '').indexOf('new Error') + 1;
  const base64 = Buffer.from(JSON.stringify(map)).toString('base64');
  return { code: `${code}\n//# sourceMappingURL=data:application/json;base64,${base64}\n`, line, column };
}

afterEach(() => vi.unstubAllGlobals());

describe('places of errors', () => {
  it('FL9 a line of the script is that of the file on disk', async () => {
    const { line, column } = await served();
    expect(line).not.toBe(THROWN_AT);
    const { map } = await transformWithOxc(SOURCE, 'src/filters/mine.ts');
    const place = map && (await originalPosition(JSON.stringify(map), { file: 'mine.ts', line, column }));
    expect(place).toMatchObject({ file: 'mine.ts', line: THROWN_AT });
  });

  it('FL9 the first place in a filter’s file is told, by its path', async () => {
    const { code, line, column } = await served();
    vi.stubGlobal('fetch', async () => new Response(code));
    const error = new Error('here');
    error.stack = `Error: here
    at CreateBox (http://localhost:5173/node_modules/.vite/deps/boxBuilder.js?v=1:10:2)
    at frame (http://localhost:5173/src/filters/mine.ts?t=17:${line}:${column})
    at #follow (http://localhost:5173/src/render/filter/instance.ts:90:12)`;
    expect(await errorPlace(error, new Error())).toMatchObject({ file: 'src/filters/mine.ts', line: THROWN_AT });
  });

  it('FL2 an error from elsewhere has the place where the filter was defined', async () => {
    vi.stubGlobal('fetch', async () => new Response('no map'));
    const defined = new Error();
    defined.stack = 'Error\n    at http://localhost/src/filters/mine.ts:3:14';
    const error = new Error('404');
    error.stack = 'Error: 404\n    at loadAssets (http://localhost/src/render/filter/assets.ts:90:12)';
    expect(await errorPlace(error, defined)).toEqual({ file: 'src/filters/mine.ts', line: 3, column: 14 });
  });

  it('FL2 stacks of Chromium, Firefox and Safari are read', () => {
    expect(positions('Error\n    at frame (http://localhost/a.js:1:2)\n    at http://localhost/b.js:3:4')).toEqual([
      { file: 'http://localhost/a.js', line: 1, column: 2 },
      { file: 'http://localhost/b.js', line: 3, column: 4 },
    ]);
    expect(positions('frame@http://localhost/a.js:1:2\n@http://localhost/b.js?t=1:3:4')).toEqual([
      { file: 'http://localhost/a.js', line: 1, column: 2 },
      { file: 'http://localhost/b.js?t=1', line: 3, column: 4 },
    ]);
  });
});
