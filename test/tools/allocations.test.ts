import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesPerFrame, positionNamer } from '../../tools/allocations/profile.mjs';

const frame = (functionName: string, url: string, lineNumber = 0) => ({
  functionName,
  url,
  lineNumber,
  columnNumber: 0,
});

/** draw calls slice, a built-in function, twice: from two places in the call tree. */
const PROFILE = {
  head: {
    callFrame: frame('(root)', ''),
    selfSize: 0,
    children: [
      {
        callFrame: frame('draw', 'http://localhost/assets/page.js', 1),
        selfSize: 300,
        children: [{ callFrame: frame('slice', ''), selfSize: 1000 }],
      },
      {
        callFrame: frame('draw', 'http://localhost/assets/page.js', 1),
        selfSize: 100,
        children: [{ callFrame: frame('slice', ''), selfSize: 600 }],
      },
    ],
  },
};

/** A build whose second line comes from line 8 of src/render/stage.ts. */
function buildWithMap(): string {
  const folder = mkdtempSync(join(tmpdir(), 'peekaboo-map-'));
  mkdirSync(join(folder, 'assets'));
  const map = { version: 3, sources: ['../../src/render/stage.ts'], names: [], mappings: ';AAOA' };
  writeFileSync(join(folder, 'assets/page.js.map'), JSON.stringify(map));
  return folder;
}

describe('allocation profile', () => {
  it('sums bytes per frame and function, and gives built-in functions to their caller', () => {
    const { bytes, functions } = bytesPerFrame(PROFILE, 10, positionNamer(undefined));
    expect(bytes).toBe(200);
    expect(functions).toEqual([
      { name: 'slice in draw  page.js:2', bytes: 160 },
      { name: 'draw  page.js:2', bytes: 40 },
    ]);
  });

  it('names the source and line where the build has a source map', () => {
    const { functions } = bytesPerFrame(PROFILE, 10, positionNamer(buildWithMap()));
    expect(functions[1]?.name).toBe('draw  src/render/stage.ts:8');
  });
});
