import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { SocketLike } from '../../src/output/vts-connection';
import { type VtsOptions, VtsOutput } from '../../src/output/vts-output';
import { vtsParameters } from '../../src/output/vts-parameters';
import { someFace } from './some-face';
import { VtsServer } from './vts-server';

let server: VtsServer;
let output: VtsOutput | undefined;
let token: string | undefined;
const phases: string[] = [];
const texts: string[] = [];
const LONG = { timeout: 15_000, interval: 20 };

const openSocket = (url: string): SocketLike => new WebSocket(url) as unknown as SocketLike;
const tokens = {
  read: async () => token,
  write: async (value: string | undefined) => {
    token = value;
  },
};

function start(options: Partial<VtsOptions> = {}): VtsOutput {
  const made = new VtsOutput({ url: server.url, mapping: 'arkit', tokens, openSocket, ...options });
  made.state$.subscribe(({ phase, text }) => {
    phases.push(phase);
    texts.push(text);
  });
  made.start();
  output = made;
  return made;
}

const until = (phase: string) => vi.waitFor(() => expect(phases.at(-1)).toBe(phase), LONG);

beforeEach(async () => {
  server = await VtsServer.open();
  token = undefined;
  phases.length = 0;
  texts.length = 0;
});
afterEach(async () => {
  output?.stop();
  vi.useRealTimers();
  await server.close();
});

describe('VTube Studio', () => {
  it('VT1 asks for permission once, and uses the stored token afterwards', async () => {
    start();
    await until('connected');
    expect(phases).toContain('permission');
    expect(token).toBe('token0');
    output?.stop();
    phases.length = 0;
    start();
    await until('connected');
    expect(phases).not.toContain('permission');
    expect(server.errors).toEqual([]);
  });

  it('VT1 asks again if the token is not known any more, and reports a refusal without trying again', async () => {
    token = 'old';
    start();
    await until('connected');
    expect(token).toBe('token0');
    output?.stop();
    token = undefined;
    server.allows = false;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    let opened = 0;
    const counted = (url: string) => {
      opened += 1;
      return openSocket(url);
    };
    start({ openSocket: counted });
    await until('failed');
    expect(texts.at(-1)).toContain('was not allowed');
    await vi.advanceTimersByTimeAsync(60_000);
    expect([opened, phases.at(-1)]).toEqual([1, 'failed']);
  });

  it('VT2 sends 52 expressions and the head, within the limits of the API', async () => {
    const made = start();
    await until('connected');
    expect(server.created.size).toBe(58);
    made.send(someFace());
    await vi.waitFor(() => expect(server.injected).toHaveLength(1), LONG);
    const { faceFound, values } = server.injected[0] ?? expect.fail('nothing arrived');
    expect(faceFound).toBe(true);
    expect(values.get('PeekabooJawOpen')).toBeCloseTo(0.17, 4);
    expect(values.get('PeekabooTongueOut')).toBeCloseTo(0.51, 4);
    expect(values.get('PeekabooHeadYaw')).toBeCloseTo((0.2 * 180) / Math.PI, 2);
    expect(values.get('PeekabooHeadZ')).toBe(-60);
    expect(server.errors).toEqual([]);
  });

  it('VT2 a held face is not found and keeps its values', async () => {
    const made = start();
    await until('connected');
    made.send(someFace());
    made.send(someFace('held'));
    made.send(undefined);
    await vi.waitFor(() => expect(server.injected).toHaveLength(3), LONG);
    expect(server.injected.map(({ faceFound }) => faceFound)).toEqual([true, false, false]);
    expect(server.injected[2]?.values).toEqual(server.injected[0]?.values);
  });

  it('VT3 sends the last values again at least once per second', async () => {
    const made = start();
    await until('connected');
    made.send(someFace());
    await vi.waitFor(() => expect(server.injected.length).toBeGreaterThanOrEqual(3), LONG);
    const times = server.injected.map(({ at }) => at);
    for (const [i, time] of times.entries()) if (i > 0) expect(time - (times[i - 1] ?? 0)).toBeLessThan(1000);
  });

  it('VT4 connects again after VTube Studio was closed and opened', async () => {
    const made = start();
    await until('connected');
    const { port } = server;
    await server.close();
    await until('connecting');
    await vi.waitFor(() => expect(texts.at(-1)).toMatch(/does not answer|Connecting/), LONG);
    const known = new Set(server.tokens);
    server = await VtsServer.open(port);
    for (const one of known) server.tokens.add(one);
    await until('connected');
    made.send(someFace());
    await vi.waitFor(() => expect(server.injected.length).toBeGreaterThan(0), LONG);
  });

  it('VT4 opens a connection again that stops answering', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const made = start();
    await until('connected');
    server.answers = false;
    made.send(someFace());
    vi.setSystemTime(Date.now() + 6000);
    await until('connecting');
    vi.useRealTimers();
    server.answers = true;
    await until('connected');
  });

  it('VT4 keeps a connection over which nothing was sent for long, as while the computer sleeps', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const made = start();
    await until('connected');
    for (const count of [1, 2]) {
      vi.setSystemTime(Date.now() + 60_000);
      if (count === 1) made.send(someFace());
      await vi.waitFor(() => expect(server.injected.length).toBeGreaterThanOrEqual(count), LONG);
    }
    vi.useRealTimers();
    expect(phases.slice(phases.indexOf('connected'))).toEqual(['connected']);
  });

  it('VT1 the text stays off if the output is switched off while the token is read', async () => {
    let read: (token: undefined) => void = () => expect.fail('the token was not read');
    const slow = { ...tokens, read: () => new Promise<undefined>((resolve) => (read = resolve)) };
    const isRead = vi.spyOn(slow, 'read');
    start({ tokens: slow });
    await vi.waitFor(() => expect(isRead).toHaveBeenCalled(), LONG);
    output?.stop();
    read(undefined);
    await new Promise((resolve) => setImmediate(resolve));
    expect(phases).toEqual(['off', 'connecting', 'off']);
  });

  it('VT5 the simple mapping uses parameters of VTube Studio only', async () => {
    expect(vtsParameters('simple').some(({ isOwn }) => isOwn)).toBe(false);
    const made = start({ mapping: 'simple' });
    await until('connected');
    made.send(someFace());
    await vi.waitFor(() => expect(server.injected).toHaveLength(1), LONG);
    expect(server.errors).toEqual([]);
    expect(server.injected[0]?.values.get('FaceAngleX')).toBeCloseTo(11.459, 2);
  });

  it('VT6 a policy that forbids the address is reported', async () => {
    start({
      openSocket: () => {
        throw new Error('refused');
      },
    });
    await until('failed');
    expect(texts.at(-1)).toContain('npm start -- --vts');
  });
});
