import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const read = (name: string) => readFileSync(resolve(import.meta.dirname, '../../training', name), 'utf8');
/** Package names are compared as PyPI does it. */
const normal = (name: string) => name.toLowerCase().replace(/[-_.]+/g, '-');

/** Name and version of each line `name==version`. */
function pins(): Map<string, string> {
  const lines = read('requirements.lock').matchAll(/^([\w.-]+)==(\S+)$/gm);
  return new Map([...lines].map(([, name = '', version = '']) => [normal(name), version]));
}

/** Requirements of pyproject.toml: of the project and of its extras. */
function requirements(): { name: string; version: string | undefined }[] {
  const lists = read('pyproject.toml').matchAll(
    /^(?!requires |include |src |lint|testpaths|pythonpath)[\w-]+ = \[([^\]]*)\]/gm,
  );
  const texts = [...lists].flatMap(([, list = '']) => [...list.matchAll(/"([^"]+)"/g)].map(([, text = '']) => text));
  return texts.map((text) => {
    const [name = '', version] = text.split('==');
    return { name: normal(name), version };
  });
}

describe('Python lock file', () => {
  it('pins every requirement of pyproject.toml, at its version where it names one', () => {
    const locked = pins();
    expect(requirements().length).toBeGreaterThan(15);
    for (const { name, version } of requirements()) {
      expect(locked.has(name), `${name} is missing in training/requirements.lock`).toBe(true);
      if (version) expect([name, locked.get(name)]).toEqual([name, version]);
    }
  });

  it('pins exact versions only, and no CUDA library', () => {
    const lines = read('requirements.lock')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines.filter((line) => !/^[\w.-]+==[\w.]+$/.test(line))).toEqual([]);
    expect(lines.filter((line) => /^(nvidia|triton)/.test(line))).toEqual([]);
  });
});
