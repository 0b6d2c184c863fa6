import { describe, expect, it } from 'vitest';
import { checkImports, importsOf, readSources } from '../../tools/check-imports.mjs';

const sources = (files: Record<string, string>) => new Map(Object.entries(files));

describe('imports', () => {
  it('I1 the project keeps to its table', () => {
    const all = readSources(`${import.meta.dirname}/../..`);
    expect(all.size).toBeGreaterThan(20);
    expect(checkImports(all)).toEqual([]);
  });

  it('I1 a room may import only what the table gives it', () => {
    const planted = sources({
      'src/face/a.ts': "import { of } from 'rxjs';",
      'src/focus/b.ts': "import type { Stage } from '../render/stage';",
      'src/render/stage.ts': "import { Engine } from '@babylonjs/core/Engines/engine';",
      'src/app/c.ts': "const later = () => import('../focus/b');",
    });
    expect(checkImports(planted)).toEqual([
      'src/face/a.ts imports rxjs: src/face may not',
      'src/focus/b.ts imports src/render/stage.ts: src/focus may not',
      'src/app/c.ts imports src/focus/b.ts: src/app may not',
    ]);
  });

  it('I2 one file alone imports the network runtime, one the detector', () => {
    const planted = sources({
      'src/focus/session.ts': "import * as ort from 'onnxruntime-web/wasm';",
      'src/focus/other.ts': "import * as ort from 'onnxruntime-web/webgpu';",
      'src/pipeline/client.ts': "import { FaceDetector } from '@mediapipe/tasks-vision';",
    });
    expect(checkImports(planted)).toEqual([
      'src/focus/other.ts imports onnxruntime-web: only src/focus/session.ts may',
      'src/pipeline/client.ts imports @mediapipe/tasks-vision: only src/pipeline/detect.ts may',
    ]);
  });

  it('I3 files may not import each other in a circle', () => {
    const planted = sources({
      'src/face/a.ts': "export * from './b';",
      'src/face/b.ts': "import { c } from './c';",
      'src/face/c.ts': "import { a } from './a';",
      'src/face/d.ts': "import { e } from './e';",
      'src/face/e.ts': "import type { D } from './d';",
    });
    expect(checkImports(planted)).toEqual([
      'import cycle: src/face/a.ts → src/face/b.ts → src/face/c.ts → src/face/a.ts',
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
      // import j from 'j';
      /* import k from 'k'; */
      const text = "imported from 'l'";
    `;
    const found = importsOf(code);
    const names = found.map(({ specifier }) => specifier);
    expect(names.toSorted()).toEqual(['./h.ts', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'i']);
    expect(found.filter(({ value }) => !value)).toEqual([{ specifier: 'c', value: false }]);
  });
});
