import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Frame } from '../../src/face/types';
import { fakeFrame } from './doubles';

/** What the worker's tracking was asked, in order, and how to end its rest. */
const asked: string[] = [];
let endRest: () => void = () => undefined;

const tracking = {
  provider: 'wasm',
  bundle: {},
  trackFrame: async (_stream: number, { index }: Frame) => {
    asked.push(`track ${index}, ${answers.length} answers`);
    return { faces: [], timings: {}, provider: 'wasm' };
  },
  setRawFaces: (include: boolean) => void asked.push(`raw faces ${include}`),
  setWideMasks: (extend: boolean) => void asked.push(`wide masks ${extend}`),
  runDeferredSearch: (stream: number) => {
    asked.push(`rest ${stream}, ${answers.length} answers`);
    return new Promise<void>((resolve) => {
      endRest = resolve;
    });
  },
};

vi.mock('../../src/pipeline/tracking', () => ({
  openTracking: async (_settings: unknown, events: { readonly onStep: () => void }) => {
    step = events.onStep;
    return tracking;
  },
}));

type Listener = (event: { readonly data?: unknown }) => void;

const listeners = new Map<string, Listener>();
const answers: unknown[] = [];
let signsOfLife = 0;
let step: () => void = () => undefined;

beforeAll(async () => {
  vi.stubGlobal('self', {
    addEventListener: (type: string, listener: Listener) => listeners.set(type, listener),
    postMessage: (answer: { readonly type: string }) => {
      if (answer.type === 'alive') signsOfLife += 1;
      else answers.push(answer);
    },
  });
  await import('../../src/pipeline/worker');
});
afterAll(() => vi.unstubAllGlobals());

const tell = (type: string, event: { readonly data?: unknown } = {}) => {
  const listener = listeners.get(type);
  if (!listener) throw new Error(`the worker does not listen to ${type}`);
  listener(event);
};

describe('worker', () => {
  it('P10: an unreadable message ends the worker, so that no request stays pending', () => {
    expect(() => tell('messageerror')).toThrow('a message could not be read');
  });

  it('P9: a failing request is answered with the reason, and its image closed', async () => {
    const frame = fakeFrame(3);
    tell('message', { data: { type: 'still', id: 7, frame } });
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    expect(answers).toEqual([
      {
        type: 'failed',
        id: 7,
        failure: { name: 'Error', message: expect.stringContaining('before the tracker was opened') },
      },
    ]);
    expect(frame.image.closed).toBe(1);
  });

  it('P7: a frame is answered before the deferred search, the next one follows after it', async () => {
    tell('message', { data: { type: 'open', settings: {} } });
    await vi.waitFor(() => expect(answers.at(-1)).toMatchObject({ type: 'opened' }));
    answers.length = 0;
    for (const id of [1, 2]) tell('message', { data: { type: 'track', id, stream: 5, frame: fakeFrame(id) } });
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    expect(asked).toEqual(['track 1, 0 answers', 'rest 5, 1 answers']);
    endRest();
    await vi.waitFor(() => expect(asked).toHaveLength(4));
    expect(asked.slice(2)).toEqual(['track 2, 1 answers', 'rest 5, 2 answers']);
  });

  it('P10: reports that it is alive by itself, and before inferences that block its timers', async () => {
    const before = signsOfLife;
    await vi.waitFor(() => expect(signsOfLife).toBeGreaterThan(before), { timeout: 2000 });
    const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 300);
    const blocked = signsOfLife;
    step();
    step();
    now.mockRestore();
    expect(signsOfLife).toBe(blocked + 1);
  });

  it('P17: forwards the request for raw faces', async () => {
    asked.length = 0;
    tell('message', { data: { type: 'rawFaces', include: true } });
    endRest();
    await vi.waitFor(() => expect(asked).toContain('raw faces true'));
  });

  it('K7: forwards the request for wide masks', async () => {
    tell('message', { data: { type: 'wideMasks', extend: true } });
    await vi.waitFor(() => expect(asked).toContain('wide masks true'));
  });
});
