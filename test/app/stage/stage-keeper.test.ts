import { firstValueFrom, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { StageKeeper, StageLostError } from '../../../src/app/stage/stage-keeper';
import type { FaceModel } from '../../../src/face/face-model';
import { EngineError } from '../../../src/render/engine/engine';
import type { EngineChoice } from '../../../src/render/engine/open-engine';
import type { Filter } from '../../../src/render/filter/host';
import type { Stage } from '../../../src/render/stage';
import { settle } from '../../pipeline/fake-worker';

const MODEL = {} as FaceModel;
const FILTER = {} as Filter;

/** A canvas that tells which one took its place. */
class FakeCanvas {
  replacedBy: FakeCanvas | undefined;
  cloneNode = () => new FakeCanvas();
  replaceWith(fresh: FakeCanvas) {
    this.replacedBy = fresh;
  }
}

/** A keeper whose stages are lost by hand; the first `refusals` do not open. */
function keep(choice: EngineChoice, refusals = 0) {
  const asked: { canvas: FakeCanvas; engine: EngineChoice }[] = [];
  const stages: { lose(): void; disposed: boolean; models: FaceModel[]; options: object[]; filters: number }[] = [];
  const told: unknown[] = [];
  const canvas = new FakeCanvas();
  const keeper = new StageKeeper(
    canvas as unknown as HTMLCanvasElement,
    choice,
    {
      onEngine: () => {},
      onLost: (reason) => told.push(reason),
      onError: (error) => told.push(error),
      filters: { onNotice: () => {}, onProgress: () => {}, onRunning: () => {} },
    },
    async (on, { engine }) => {
      asked.push({ canvas: on as unknown as FakeCanvas, engine });
      if (asked.length <= refusals) throw new EngineError('no');
      const lost$ = new Subject<string>();
      const made = {
        lose: () => lost$.next('gone'),
        disposed: false,
        models: [] as FaceModel[],
        options: [] as object[],
        filters: 0,
      };
      stages.push(made);
      return {
        engine: 'webgl2',
        lost: firstValueFrom(lost$),
        showFrame: () => {},
        setModel: (model) => made.models.push(model),
        setOptions: (options) => made.options.push(options),
        setFilters: (filters) => {
          made.filters = filters.length;
        },
        setAvatar: async () => null,
        setBackdropPicture: () => {},
        view: { canvas: on, box: { x: 0, y: 0, width: 1, height: 1 } },
        screenshot: async () => new Blob(),
        dispose: () => {
          made.disposed = true;
        },
      } satisfies Stage;
    },
  );
  const lose = async () => {
    stages.at(-1)?.lose();
    await settle();
  };
  return { keeper, canvas, asked, stages, told, lose };
}

describe('StageKeeper', () => {
  it('A8 rebuilds a lost stage on a new canvas with its model, options and filters', async () => {
    const { keeper, canvas, asked, stages, told, lose } = keep('webgpu');
    keeper.set({ look: 'face' });
    keeper.setModel(MODEL);
    keeper.setFilters([FILTER]);
    await settle();
    await lose();
    expect(told).toEqual(['gone']);
    expect(stages[0]?.disposed).toBe(true);
    expect(asked[1]?.canvas).not.toBe(canvas);
    expect(asked[1]?.canvas).toBe(canvas.replacedBy);
    expect(stages[1]?.models).toEqual([MODEL]);
    expect(stages[1]?.options).toEqual([{ look: 'face' }]);
    expect(stages[1]?.filters).toBe(1);
  });

  it('A8 leaves the last of three rebuilds to WebGL2, then gives up', async () => {
    const { keeper, asked, told, lose } = keep('auto');
    await settle();
    for (let loss = 0; loss < 3; loss++) await lose();
    expect(asked.map(({ engine }) => engine)).toEqual(['auto', 'auto', 'auto', 'webgl']);
    expect(told).toEqual(['gone', 'gone', 'gone']);
    await lose();
    expect(asked).toHaveLength(4);
    expect(told.at(-1)).toBeInstanceOf(StageLostError);
    expect(keeper.now).toBeUndefined();
  });

  it('A8 stays with an engine asked for by name', async () => {
    const { asked, lose } = keep('webgpu');
    await settle();
    for (let loss = 0; loss < 3; loss++) await lose();
    expect(asked.map(({ engine }) => engine)).toEqual(['webgpu', 'webgpu', 'webgpu', 'webgpu']);
  });

  it('A8 tries WebGL2 on a fresh canvas where no engine opened on the first', async () => {
    const { canvas, asked, stages, told } = keep('auto', 1);
    await settle();
    expect(asked.map(({ engine }) => engine)).toEqual(['auto', 'webgl']);
    expect(asked[1]?.canvas).toBe(canvas.replacedBy);
    expect(stages).toHaveLength(1);
    expect(told).toEqual([]);
  });

  it('A8 says so when nothing opens', async () => {
    const { asked, told } = keep('auto', 2);
    await settle();
    expect(asked).toHaveLength(2);
    expect(told).toEqual([new EngineError('no')]);
  });
});
