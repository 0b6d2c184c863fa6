import { describe, expect, it } from 'vitest';
import type { Provider } from '../../src/face/types';
import type { FocusSession, NetworkOutput } from '../../src/focus/session';
import { openNetwork } from '../../src/pipeline/network';

class Lost extends Error {}

const isLost = (reason: unknown) => reason instanceof Lost;
const output = { presence: new Float32Array([1]) } as unknown as NetworkOutput;
const input = new Float32Array(3);

/** Opens sessions whose runs come from a list: true runs, an error is thrown. Writes down what is opened and closed. */
function sessions(runs: (true | Error)[]) {
  const log: string[] = [];
  const open = async (wanted: 'auto' | Provider): Promise<FocusSession> => {
    const provider = wanted === 'wasm' ? 'wasm' : 'webgpu';
    log.push(`open ${wanted}`);
    return {
      provider,
      warmMs: 1,
      async run() {
        const next = runs.shift() ?? true;
        if (next !== true) throw next;
        return output;
      },
      async close() {
        log.push('close');
      },
    };
  };
  return { log, open };
}

describe('openNetwork', () => {
  it('P11: after a lost device the network is reopened and the run repeated', async () => {
    const { log, open } = sessions([new Lost()]);
    const network = await openNetwork(open, 'auto', isLost);
    expect(await network.run(input)).toBe(output);
    expect(log).toEqual(['open auto', 'close', 'open webgpu']);
    expect(network.provider).toBe('webgpu');
  });

  it('P11: after reopening three times in a row it uses the CPU', async () => {
    const { log, open } = sessions([new Lost(), new Lost(), new Lost(), new Lost()]);
    const network = await openNetwork(open, 'webgpu', isLost);
    expect(await network.run(input)).toBe(output);
    expect(log.filter((line) => line.startsWith('open'))).toEqual([
      'open webgpu',
      'open webgpu',
      'open webgpu',
      'open webgpu',
      'open wasm',
    ]);
    expect(network.provider).toBe('wasm');
  });

  it('P11: a successful run resets the count', async () => {
    const { open } = sessions([new Lost(), new Lost(), true, new Lost(), new Lost(), new Lost()]);
    const network = await openNetwork(open, 'webgpu', isLost);
    await network.run(input);
    await network.run(input);
    expect(network.provider).toBe('webgpu');
  });

  it('P11: when the CPU fails too, the error has advice', async () => {
    const { open } = sessions(Array.from({ length: 5 }, () => new Lost()));
    const network = await openNetwork(open, 'webgpu', isLost);
    await expect(network.run(input)).rejects.toMatchObject({
      name: 'DeviceLostError',
      message: expect.stringMatching(/Reload the page.*wasm/),
    });
  });

  it('P11: a lost session that cannot be closed does not prevent reopening', async () => {
    const { open } = sessions([new Lost()]);
    const stubborn = async (wanted: 'auto' | Provider) => ({
      ...(await open(wanted)),
      close: () => Promise.reject(new Error('gone')),
    });
    const network = await openNetwork(stubborn, 'webgpu', isLost);
    expect(await network.run(input)).toBe(output);
  });

  it('P11: a failed attempt to reopen counts as a loss; a later run tries again', async () => {
    const { open } = sessions([new Lost()]);
    let broken = false;
    const opened: string[] = [];
    const reopen = async (wanted: 'auto' | Provider) => {
      opened.push(wanted);
      if (broken) throw new Error('no adapter');
      return open(wanted);
    };
    const network = await openNetwork(reopen, 'webgpu', isLost);
    broken = true;
    await expect(network.run(input)).rejects.toThrow(/Reload the page/);
    expect(opened).toEqual(['webgpu', 'webgpu', 'webgpu', 'webgpu', 'wasm']);
    broken = false;
    expect(await network.run(input)).toBe(output);
    expect(network.provider).toBe('wasm');
  });

  it('P9: another error rejects its run only', async () => {
    const { log, open } = sessions([new Error('bad shape')]);
    const network = await openNetwork(open, 'wasm', isLost);
    await expect(network.run(input)).rejects.toThrow('bad shape');
    expect(await network.run(input)).toBe(output);
    expect(log).toEqual(['open wasm']);
  });
});
