import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Lines of a file in which a filter is told; what is longer belongs into a building block of src/render. */
const MOST_LINES = 64;
const FOLDER = 'src/filters';

function tooLong(files: Readonly<Record<string, string>>): string[] {
  return Object.entries(files).flatMap(([name, text]) => {
    const lines = text.trimEnd().split('\n').length;
    return lines > MOST_LINES ? [`${name} has ${lines} lines`] : [];
  });
}

describe('files of filters', () => {
  it(`FL11 none has more than ${MOST_LINES} lines; a longer one would be named`, () => {
    const names = readdirSync(FOLDER).filter((name) => name.endsWith('.ts') && name !== 'index.ts');
    const files = Object.fromEntries(names.map((name) => [name, readFileSync(`${FOLDER}/${name}`, 'utf8')]));
    expect(names.length).toBeGreaterThan(8);
    expect(tooLong(files)).toEqual([]);
    const long = `${files['glasses.ts']}${'const more = 1;\n'.repeat(MOST_LINES)}`;
    expect(tooLong({ ...files, 'glasses.ts': long })).toEqual([expect.stringMatching(/^glasses\.ts has 1\d\d lines$/)]);
  });
});
