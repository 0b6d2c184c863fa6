import { describe, expect, it } from 'vitest';
import { checkFolder, readSources } from '../../tools/check-imports.mjs';
import { EXCEPTIONS } from '../../tools/import-rules.mjs';
import { checkProject, checkSources } from '../../tools/imports/judge.mjs';
import { pythonModulesOf, specifiersOf } from '../../tools/imports/specifiers.mjs';

const ROOT = `${import.meta.dirname}/../..`;
const check = (files: Record<string, string>) => checkSources(new Map(Object.entries(files)));

describe('imports', () => {
  it('I1 the project keeps its rules', () => {
    expect(readSources(ROOT).size).toBeGreaterThan(300);
    expect(checkFolder(ROOT)).toEqual([]);
  });

  it('I1 a folder may import only what its rule names', () => {
    expect(
      check({
        'src/face/a.ts': "import { of } from 'rxjs';",
        'src/focus/b.ts': "import type { Stage } from '../render/stage';",
        'src/render/stage.ts': "import { Engine } from '@babylonjs/core/Engines/engine';",
        'src/app/c.ts': "const later = () => import('../focus/b');",
        'src/capture/d.ts': "import { record } from '../../bench/time/record';",
        'bench/time/record.ts': "import type { Frame } from '../../src/face/types';",
        'src/face/types.ts': '',
      }),
    ).toEqual([
      'src/face/a.ts imports rxjs: src/face may not',
      'src/focus/b.ts imports src/render/stage.ts: src/focus may not',
      'src/app/c.ts imports src/focus/b.ts: src/app may not',
      'src/capture/d.ts imports bench/time/record.ts: src/capture may not',
    ]);
  });

  it('I1 a layer may import only lower layers', () => {
    expect(
      check({
        'src/render/stage.ts': "import './kit/fur';",
        'src/render/kit/fur.ts': "import '../filter/host'; import '../filter-api';",
        'src/render/filter/host.ts': "import '../occluder/layer'; import '../engine/quad';",
        'src/render/occluder/layer.ts': "import '../engine/quad';",
        'src/render/engine/quad.ts': "import type { View } from '../view/view';",
        'src/render/view/view.ts': '',
        'src/render/filter-api.ts': '',
        'src/app/session/retry.ts': "import { Notices } from '../ui/dock';",
        'src/app/ui/dock.ts': '',
        'bench/truth/head.ts': "import '../speed/page';",
        'bench/speed/page.ts': '',
        'tools/lib/serve.mjs': "import './headers.mjs'; import '../track/output.mjs';",
        'tools/lib/headers.mjs': '',
        'tools/track/output.mjs': "import '../lib/serve.mjs'; import 'commander';",
      }),
    ).toEqual([
      'src/render/kit/fur.ts imports src/render/filter-api.ts: src/render/kit may import only lower layers',
      'src/render/filter/host.ts imports src/render/occluder/layer.ts: src/render/filter may import only lower layers',
      'src/render/engine/quad.ts imports src/render/view/view.ts: src/render/engine may import only lower layers',
      'src/app/session/retry.ts imports src/app/ui/dock.ts: src/app/session may import only lower layers',
      'bench/truth/head.ts imports bench/speed/page.ts: bench/truth may import only lower layers',
      'tools/lib/serve.mjs imports tools/track/output.mjs: tools/lib may import only lower layers',
      'import cycle: tools/lib/serve.mjs → tools/track/output.mjs → tools/lib/serve.mjs',
    ]);
  });

  it('I1 Python packages have layers too', () => {
    const at = (name: string) => `training/peekaboo_training/${name}.py`;
    expect(
      check({
        [at('scene/light')]: 'from peekaboo_training.learn.losses import total\nfrom ..settings import Paths\n',
        [at('learn/losses')]: 'import numpy\nfrom peekaboo_training.network import network\n',
        [at('network/network')]: 'from . import blocks\n',
        [at('network/blocks')]: '',
        [at('settings')]: '',
      }),
    ).toEqual([
      `${at('scene/light')} imports ${at('learn/losses')}: training/peekaboo_training/scene may import only lower layers`,
    ]);
  });

  it('I1 every file lies in a folder and a layer that the rules name', () => {
    expect(check({ 'src/odd/a.ts': '', 'src/render/odd/b.ts': '' })).toEqual([
      'src/odd/a.ts: no rule for this folder in tools/import-rules.mjs',
      'src/render/odd/b.ts: no layer of src/render names this subfolder in tools/import-rules.mjs',
    ]);
  });

  it('I1 a folder holds at most 25 sources, and no rule stays that nothing needs', () => {
    const many = Array.from({ length: 26 }, (_, i) => `src/face/part-${i}.ts`);
    const problems = checkProject(new Map(), [...many, ...many.map((name) => name.replace('src', 'test'))]);
    expect(problems).toContain('src/face: 26 source files; a folder holds at most 25');
    expect(problems).toContain('tools/import-rules.mjs: nothing in src/app imports uplot; delete the entry');
    expect(problems.filter((text) => text.includes('is not needed'))).toHaveLength(EXCEPTIONS.length);
    expect(checkProject(new Map(), many.slice(1)).filter((text) => text.includes('source files'))).toEqual([]);
  });

  it('I2 only the named files import the network runtime and MediaPipe', () => {
    expect(
      check({
        'src/focus/session.ts': "import * as ort from 'onnxruntime-web/wasm';",
        'src/focus/other.ts': "import * as ort from 'onnxruntime-web/webgpu';",
        'src/pipeline/client.ts': "import { FaceDetector } from '@mediapipe/tasks-vision';",
      }),
    ).toEqual([
      'src/focus/other.ts imports onnxruntime-web: only src/focus/session.ts and src/focus/wasm-model.ts may',
      'src/pipeline/client.ts imports @mediapipe/tasks-vision: only src/pipeline/detect/mediapipe-model.ts and src/package/mediapipe.ts and src/package/mediapipe/face-landmarker.ts and bench/rival/rival-worker.ts may',
    ]);
  });

  it('I3 files may not import each other in a cycle, not even for types', () => {
    expect(
      check({
        'src/face/a.ts': "export * from './b';",
        'src/face/b.ts': "import { c } from './c';",
        'src/face/c.ts': "import { a } from './a';",
        'src/face/d.ts': "import { e } from './e';",
        'src/face/e.ts': "import type { D } from './d';",
        'src/face/f.ts': "new Worker(new URL('./g.ts', import.meta.url));",
        'src/face/g.ts': "export type G = import('./f').F;",
      }),
    ).toEqual([
      'import cycle: src/face/a.ts → src/face/b.ts → src/face/c.ts → src/face/a.ts',
      'import cycle: src/face/d.ts → src/face/e.ts → src/face/d.ts',
      'import cycle: src/face/f.ts → src/face/g.ts → src/face/f.ts',
    ]);
  });

  it('I4 finds every form of import and none in comments', () => {
    const code = `
      import a from 'a';
      import { type B, b } from "b";
      import type { C } from 'c';
      import 'd';
      export { e } from 'e';
      export * as f from 'f';
      const g = () => import('g');
      new Worker(new URL('./h.ts', import.meta.url));
      import {
        i,
      } from 'i';
      type J = import('j').J;
      // import k from 'k';
      /* import l from 'l'; */
      const text = "imported from 'm'; import n from 'n'";
    `;
    expect(specifiersOf('x.ts', code).toSorted()).toEqual(['./h.ts', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'i', 'j']);
    expect(() => specifiersOf('x.ts', 'import {')).toThrow(SyntaxError);
  });

  it('I4 finds the forms of Python', () => {
    const code = `
import a.b, c as d
from e import (
    f,
    g as h,
)
from .. import i
def later():
    from .j import k  # imports k late
# import l
`;
    expect(pythonModulesOf(code).map(([longest]) => longest)).toEqual(['e.f', 'e.g', '..i', '.j.k', 'a.b', 'c']);
  });
});
