import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fakeFrame } from './doubles';

vi.mock('../../src/pipeline/tracking', () => ({ openTracking: () => Promise.reject(new Error('no bundle')) }));

type Listener = (event: { readonly data?: unknown }) => void;

const listeners = new Map<string, Listener>();
const answers: unknown[] = [];

beforeAll(async () => {
  vi.stubGlobal('self', {
    addEventListener: (type: string, listener: Listener) => listeners.set(type, listener),
    postMessage: (answer: unknown) => answers.push(answer),
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
  it('P10: dies of a message that it cannot read, so that nobody waits for its answer', () => {
    expect(() => tell('messageerror')).toThrow('a message could not be read');
  });

  it('P9: answers a request that fails with the reason, and closes its picture', async () => {
    const frame = fakeFrame(3);
    tell('message', { data: { type: 'still', id: 7, frame } });
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    expect(answers).toEqual([
      { type: 'failed', id: 7, failure: { name: 'Error', message: expect.stringContaining('before it was opened') } },
    ]);
    expect(frame.image.closed).toBe(1);
  });
});
