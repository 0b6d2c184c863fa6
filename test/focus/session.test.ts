import { describe, expect, it } from 'vitest';
import type { Provider } from '../../src/face/types';
import { chooseSession } from '../../src/focus/choose-session';
import { DeviceLostError, guardSession, type RawSession, type Runtime } from '../../src/focus/focus-session';
import { type NetworkOutput, OUTPUT_LENGTHS, readOutputs } from '../../src/focus/network-output';

const image = (mark = 0) => new Float32Array(3 * 192 * 192).fill(mark);
const outputs = (mark: number) =>
  Object.fromEntries(
    Object.entries(OUTPUT_LENGTHS).map(([name, [n]]) => [name, { data: new Float32Array(n ?? 0).fill(mark) }]),
  );
const answer = (mark = 0): NetworkOutput => readOutputs(outputs(mark));
/** Runs the promise callbacks that are due. */
const settle = () => new Promise((resolve) => setTimeout(resolve));

/** A session whose calls end when the test says so. */
function heldSession() {
  const calls: { image: Float32Array; resolve(output: NetworkOutput): void; reject(error: Error): void }[] = [];
  let lose: (reason: string) => void = () => {};
  let closed = 0;
  const raw: RawSession = {
    lost: new Promise((resolve) => {
      lose = resolve;
    }),
    run: (at) => new Promise((resolve, reject) => void calls.push({ image: at, resolve, reject })),
    close: async () => void closed++,
  };
  return { raw, calls, lose: (reason: string) => lose(reason), closed: () => closed };
}

describe('outputs', () => {
  it('N7 a mask has two or three channels', () => {
    const withMask = (length: number) => ({ ...outputs(0), mask: { data: new Float32Array(length) } });
    for (const channels of [2, 3]) expect(readOutputs(withMask(channels * 9216)).mask).toHaveLength(channels * 9216);
    expect(() => readOutputs(withMask(9216))).toThrow('output mask has 9216 values, not 18432 or 27648');
  });
});

describe('session', () => {
  it('N1 calls run one after the other, in call order', async () => {
    const { raw, calls } = heldSession();
    const session = guardSession(raw, 'wasm', 1);
    const first = session.run(image(1));
    const second = session.run(image(2));
    await settle();
    expect(calls.map((call) => call.image[0])).toEqual([1]);
    calls[0]?.resolve(answer(10));
    expect((await first).pose[0]).toBe(10);
    await settle();
    expect(calls.map((call) => call.image[0])).toEqual([1, 2]);
    calls[1]?.resolve(answer(20));
    expect((await second).pose[0]).toBe(20);
  });

  it('N2 a failed call does not affect the next', async () => {
    const { raw, calls } = heldSession();
    const session = guardSession(raw, 'wasm', 1);
    const first = session.run(image());
    const second = session.run(image());
    await settle();
    calls[0]?.reject(new Error('out of memory'));
    await expect(first).rejects.toThrow('out of memory');
    await settle();
    calls[1]?.resolve(answer(2));
    await expect(second).resolves.toHaveProperty('presence');
  });

  it('N3 a lost device ends the pending call and refuses later ones', async () => {
    const { raw, lose } = heldSession();
    const session = guardSession(raw, 'webgpu', 1);
    const pending = session.run(image());
    await settle();
    lose('gone');
    await expect(pending).rejects.toThrow(DeviceLostError);
    await expect(session.run(image())).rejects.toThrow(/gone/);
    await session.close();
  });

  it('N3 a call that fails just before the loss is reported rejects with DeviceLostError', async () => {
    const { raw, calls, lose } = heldSession();
    const session = guardSession(raw, 'webgpu', 1);
    const pending = session.run(image());
    await settle();
    calls[0]?.reject(new Error('buffer is invalid'));
    lose('gone');
    await expect(pending).rejects.toThrow(DeviceLostError);
  });

  it('N4 closing waits for the running call, happens once, and refuses later calls', async () => {
    const { raw, calls, closed } = heldSession();
    const session = guardSession(raw, 'wasm', 1);
    const running = session.run(image());
    await settle();
    const closing = session.close();
    await settle();
    expect(closed()).toBe(0);
    await expect(session.run(image())).rejects.toThrow('closed');
    calls[0]?.resolve(answer());
    await running;
    await Promise.all([closing, session.close()]);
    expect(closed()).toBe(1);
  });
});

interface Double extends Runtime {
  readonly opened: Provider[];
  readonly closed: Provider[];
}

/** A runtime whose calls take `ms` of a clock of its own; a missing provider cannot be opened. */
function runtime(ms: Partial<Record<Provider, number>>, hardware: boolean, spoilt?: Provider): Double {
  let clock = 0;
  const opened: Provider[] = [];
  const closed: Provider[] = [];
  return {
    opened,
    closed,
    hasHardwareGpu: async () => hardware,
    now: () => clock,
    async open(provider) {
      const cost = ms[provider];
      if (cost === undefined) throw new Error(`no ${provider} here`);
      opened.push(provider);
      return {
        lost: new Promise(() => {}),
        async run() {
          clock += cost;
          if (spoilt === provider) throw new Error('network: output pose has 8 numbers, not 9');
          return answer();
        },
        close: async () => void closed.push(provider),
      };
    },
  };
}

describe('choice of provider', () => {
  const network = new ArrayBuffer(8);
  const auto = { provider: 'auto', threads: 1 } as const;

  it('N5 auto selects WebGPU where its timed warm-up is faster than wasm', async () => {
    const double = runtime({ wasm: 6, webgpu: 2 }, true);
    const session = await chooseSession(double, network, auto);
    expect([session.provider, session.warmMs, double.closed]).toEqual(['webgpu', 2, ['wasm']]);
  });

  it('N5 auto selects wasm where WebGPU is slower, and closes WebGPU', async () => {
    const double = runtime({ wasm: 6, webgpu: 40 }, true);
    expect((await chooseSession(double, network, auto)).provider).toBe('wasm');
    expect(double.closed).toEqual(['webgpu']);
  });

  it('N5 auto does not open WebGPU on a software adapter', async () => {
    const double = runtime({ wasm: 6, webgpu: 1 }, false);
    expect((await chooseSession(double, network, auto)).provider).toBe('wasm');
    expect(double.opened).toEqual(['wasm']);
  });

  it('N5 auto selects wasm where WebGPU fails', async () => {
    expect((await chooseSession(runtime({ wasm: 6 }, true), network, auto)).provider).toBe('wasm');
    const spoilt = runtime({ wasm: 6, webgpu: 1 }, true, 'webgpu');
    expect((await chooseSession(spoilt, network, auto)).provider).toBe('wasm');
    expect(spoilt.closed).toEqual(['webgpu']);
  });

  it('N5 auto selects WebGPU where wasm fails, and throws wasm’s error where both fail', async () => {
    expect((await chooseSession(runtime({ webgpu: 2 }, true), network, auto)).provider).toBe('webgpu');
    const spoilt = runtime({ wasm: 6, webgpu: 2 }, true, 'wasm');
    expect((await chooseSession(spoilt, network, auto)).provider).toBe('webgpu');
    expect(spoilt.closed).toEqual(['wasm']);
    await expect(chooseSession(runtime({}, true), network, auto)).rejects.toThrow('no wasm');
    await expect(chooseSession(runtime({ webgpu: 2 }, false), network, auto)).rejects.toThrow('no wasm');
  });

  it('N6 a provider requested by name is used, or the call throws', async () => {
    const slow = runtime({ wasm: 6, webgpu: 7000 }, false);
    expect((await chooseSession(slow, network, { provider: 'webgpu', threads: 1 })).provider).toBe('webgpu');
    await expect(
      chooseSession(runtime({ wasm: 6 }, false), network, { provider: 'webgpu', threads: 1 }),
    ).rejects.toThrow('no webgpu');
  });

  it('N7 a network with other outputs is refused and closed', async () => {
    const spoilt = runtime({ wasm: 6 }, false, 'wasm');
    await expect(chooseSession(spoilt, network, { provider: 'wasm', threads: 1 })).rejects.toThrow('output pose has 8');
    expect(spoilt.closed).toEqual(['wasm']);
    expect(() => readOutputs({})).toThrow(/output identity is missing/);
  });

  it.each(['identity', 'presence', 'mask'] as const)(
    'N7 values of %s that are not finite are refused by name',
    (name) => {
      for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        const found = outputs(0);
        found[name]?.data.fill(wrong, 0, 1);
        expect(() => readOutputs(found)).toThrow(`output ${name} has values that are not finite`);
      }
    },
  );

  it.each([0, 1.5, Number.NaN])('N8 refuses %d threads by name', async (threads) => {
    await expect(chooseSession(runtime({ wasm: 6 }, false), network, { provider: 'wasm', threads })).rejects.toThrow(
      /threads/,
    );
  });
});
