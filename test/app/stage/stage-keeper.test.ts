import { firstValueFrom, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { PageStage } from '../../../src/app/stage/plain-stage';
import { StageKeeper, StageLostError } from '../../../src/app/stage/stage-keeper';
import type { FaceModel } from '../../../src/face/face-model';
import type { TrackedFrame } from '../../../src/face/types';
import { EngineError } from '../../../src/render/engine/engine';
import type { EngineChoice } from '../../../src/render/engine/open-engine';
import type { Filter } from '../../../src/render/filter/host';
import type { Stage } from '../../../src/render/stage';
import { settle } from '../../pipeline/fake-worker';

const MODEL = {} as FaceModel;
const FILTER = {} as Filter;

/** A canvas that records what replaced it. */
class FakeCanvas {
  replacedBy: FakeCanvas | undefined;
  cloneNode = () => new FakeCanvas();
  replaceWith(fresh: FakeCanvas) {
    this.replacedBy = fresh;
  }
}

/** A keeper whose stages the test loses; the first `refusals` do not open. `no2D`: nor does a stage without 3D. */
function keep(choice: EngineChoice, refusals = 0, no2D = false) {
  const plain: { on: unknown; options: object[] }[] = [];
  const asked: { canvas: FakeCanvas; engine: EngineChoice }[] = [];
  const stages: {
    lose(): void;
    surrounds: boolean;
    draw(): void;
    disposed: boolean;
    models: FaceModel[];
    options: object[];
    filters: number;
    avatars: string[];
  }[] = [];
  const reports: unknown[] = [];
  const canvas = new FakeCanvas();
  const keeper = new StageKeeper(
    canvas as unknown as HTMLCanvasElement,
    choice,
    {
      onEngine: () => {},
      onLost: (reason) => reports.push(reason),
      onNo3D: (reason) => reports.push(`2D: ${reason}`),
      onError: (error) => reports.push(error),
      filters: { onNotice: () => {}, onProgress: () => {}, onRunning: () => {} },
    },
    async (on, { engine = 'auto', onDrawn } = {}) => {
      asked.push({ canvas: on as unknown as FakeCanvas, engine });
      if (asked.length <= refusals) throw new EngineError('no');
      const lost$ = new Subject<string>();
      const made = {
        lose: () => lost$.next('gone'),
        surrounds: false,
        draw: () => onDrawn?.({} as TrackedFrame),
        disposed: false,
        models: [] as FaceModel[],
        options: [] as object[],
        filters: 0,
        avatars: [] as string[],
      };
      stages.push(made);
      return {
        engine: 'webgl2',
        lost: firstValueFrom(lost$),
        showFrame: () => {},
        clearFrame: () => {},
        setModel: (model) => made.models.push(model),
        setOptions: (options) => made.options.push(options),
        setFilters: (filters) => {
          made.filters = filters.length;
        },
        setAvatar: async (source) => {
          if (source?.name.startsWith('broken')) throw new Error(source.name);
          made.avatars.push(source?.name ?? '');
          return null;
        },
        setBackdropPicture: () => {},
        isReady: () => true,
        get surroundsFaces() {
          return made.surrounds;
        },
        view: { canvas: on, box: { x: 0, y: 0, width: 1, height: 1 } },
        screenshot: async () => new Blob(),
        dispose: () => {
          made.disposed = true;
        },
      } satisfies Stage;
    },
    (on) => {
      if (no2D) throw new Error('no 2D canvas');
      const options: object[] = [];
      plain.push({ on, options });
      return {
        engine: '2d',
        lost: new Promise(() => {}),
        setOptions: (given: object) => options.push(given),
        setFilters: () => {},
      } as unknown as PageStage;
    },
  );
  const lose = async () => {
    stages.at(-1)?.lose();
    await settle();
  };
  return { keeper, canvas, asked, stages, plain, reports, lose };
}

describe('StageKeeper', () => {
  it('A8 rebuilds a lost stage on a new canvas with its model, options and filters', async () => {
    const { keeper, canvas, asked, stages, reports, lose } = keep('webgpu');
    keeper.setOptions({ look: 'face' });
    keeper.setModel(MODEL);
    keeper.setFilters([FILTER]);
    await settle();
    await lose();
    expect(reports).toEqual(['gone']);
    expect(stages[0]?.disposed).toBe(true);
    expect(asked[1]?.canvas).not.toBe(canvas);
    expect(asked[1]?.canvas).toBe(canvas.replacedBy);
    expect(stages[1]?.models).toEqual([MODEL]);
    expect(stages[1]?.options).toEqual([{ look: 'face' }]);
    expect(stages[1]?.filters).toBe(1);
  });

  it('A8 a rebuilt stage receives the last avatar that loaded, also after two that failed', async () => {
    const { keeper, stages, lose } = keep('webgpu');
    await settle();
    const avatar = (name: string) => keeper.setAvatar({ name, bytes: new ArrayBuffer(1) });
    await avatar('good');
    const failing = await Promise.allSettled([avatar('broken 1'), avatar('broken 2')]);
    expect(failing.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await lose();
    expect(stages[1]?.avatars).toEqual(['good']);
  });

  it('CM15 reports a change of what is drawn around the face, once', async () => {
    const { keeper, stages } = keep('webgpu');
    const reported: boolean[] = [];
    keeper.surroundsFaces$.subscribe((surrounds) => reported.push(surrounds));
    await settle();
    const [stage] = stages;
    for (const surrounds of [false, true, true, false]) {
      if (stage) stage.surrounds = surrounds;
      stage?.draw();
    }
    expect(reported).toEqual([false, true, false]);
  });

  it('A8 uses WebGL2 for the third rebuild, then reports an error', async () => {
    const { keeper, asked, reports, lose } = keep('auto');
    await settle();
    for (let loss = 0; loss < 3; loss++) await lose();
    expect(asked.map(({ engine }) => engine)).toEqual(['auto', 'auto', 'auto', 'webgl']);
    expect(reports).toEqual(['gone', 'gone', 'gone']);
    await lose();
    expect(asked).toHaveLength(4);
    expect(reports.at(-1)).toBeInstanceOf(StageLostError);
    expect(keeper.current).toBeUndefined();
  });

  it('A8 keeps an engine that was requested by name', async () => {
    const { asked, lose } = keep('webgpu');
    await settle();
    for (let loss = 0; loss < 3; loss++) await lose();
    expect(asked.map(({ engine }) => engine)).toEqual(['webgpu', 'webgpu', 'webgpu', 'webgpu']);
  });

  it('A8 tries WebGL2 on a new canvas if no engine opens on the first', async () => {
    const { canvas, asked, stages, reports } = keep('auto', 1);
    await settle();
    expect(asked.map(({ engine }) => engine)).toEqual(['auto', 'webgl']);
    expect(asked[1]?.canvas).toBe(canvas.replacedBy);
    expect(stages).toHaveLength(1);
    expect(reports).toEqual([]);
  });

  it('EN8 uses a stage without 3D on another canvas if no engine opens', async () => {
    const { keeper, asked, canvas, plain, reports } = keep('auto', 2);
    keeper.setOptions({ look: 'face' });
    await settle();
    expect(asked).toHaveLength(2);
    expect(reports).toEqual(['2D: no']);
    expect(plain.map(({ on }) => on)).toEqual([canvas.replacedBy?.replacedBy]);
    expect(plain[0]?.options).toEqual([{ look: 'face' }]);
    expect(keeper.current?.engine).toBe('2d');
  });

  it('EN8 reports the error of the engine if the browser cannot draw in 2D either', async () => {
    const { keeper, reports } = keep('webgl', 1, true);
    await settle();
    expect(reports).toEqual([new EngineError('no')]);
    expect(keeper.current).toBeUndefined();
  });
});
