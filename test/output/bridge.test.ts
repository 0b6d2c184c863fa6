import { createSocket, type Socket } from 'node:dgram';
import OSC from 'osc-js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BridgeOutput } from '../../src/output/bridge-output';
import { vmcFrame } from '../../src/output/vmc-frame';
import { BRIDGE_PATH, openBridge, targetOf } from '../../tools/lib/bridge.mjs';
import { serve } from '../../tools/lib/serve.mjs';
import { someFace } from './some-face';

let receiver: Socket;
let bundles: Map<string, unknown[][]>[];
let bridge: ReturnType<typeof openBridge>;
let server: Awaited<ReturnType<typeof serve>>;

/** The arguments of the messages by address, in the order of the bundle. */
function unpacked(bytes: Uint8Array): Map<string, unknown[][]> {
  const bundle = new OSC.Bundle();
  bundle.unpack(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const found = new Map<string, unknown[][]>();
  for (const { address, args } of bundle.bundleElements as { address: string; args: unknown[] }[]) {
    found.set(address, [...(found.get(address) ?? []), args]);
  }
  return found;
}

beforeEach(async () => {
  bundles = [];
  receiver = createSocket('udp4');
  receiver.on('message', (bytes) => bundles.push(unpacked(Uint8Array.from(bytes))));
  await new Promise<void>((done) => receiver.bind(0, '127.0.0.1', done));
  bridge = openBridge([`vmc=127.0.0.1:${receiver.address().port}`]);
  server = await serve({ folders: [], post: { path: BRIDGE_PATH, answer: bridge.answer } });
});
afterEach(async () => {
  await server.close();
  bridge.close();
  receiver.close();
});

const post = (body: string, origin = server.origin) =>
  fetch(`${server.origin}${BRIDGE_PATH}`, { method: 'POST', body, headers: { Origin: origin } });

describe('bridge', () => {
  it('VB1 a frame arrives at a receiver of the VMC protocol as one bundle', async () => {
    const face = someFace();
    const { status } = await post(JSON.stringify(vmcFrame(face, 12.5, 'arkit')));
    expect(status).toBe(204);
    await vi.waitFor(() => expect(bundles).toHaveLength(1));
    const [bundle] = bundles;
    expect([...(bundle?.keys() ?? [])]).toEqual([
      '/VMC/Ext/OK',
      '/VMC/Ext/T',
      '/VMC/Ext/Bone/Pos',
      '/VMC/Ext/Blend/Val',
      '/VMC/Ext/Blend/Apply',
    ]);
    expect(bundle?.get('/VMC/Ext/T')?.[0]?.[0]).toBeCloseTo(12.5, 5);
    const blend = new Map(bundle?.get('/VMC/Ext/Blend/Val') as [string, number][]);
    expect(blend.size).toBe(52);
    expect(blend.get('JawOpen')).toBeCloseTo(0.17, 5);
    const bones = new Map(bundle?.get('/VMC/Ext/Bone/Pos')?.map(([name, ...rest]) => [name, rest as number[]]));
    // The face turns by 0.2 rad to its right: about +y in Unity's left-handed axes.
    const [neck, head] = [bones.get('Neck')?.slice(3), bones.get('Head')?.slice(3)];
    const angle = (q: number[] | undefined) => 2 * Math.atan2(q?.[1] ?? 0, q?.[3] ?? 0);
    expect(angle(neck) + angle(head)).toBeCloseTo(0.2, 5);
    expect(bones.get('Head')?.slice(0, 3)).toEqual([0, 0, 0]);
  });

  it('VB2 VRM expressions have the names of VRM 0', () => {
    const { blend } = vmcFrame(someFace(), 0, 'vrm');
    expect(Object.keys(blend).sort()).toEqual(
      [
        'A',
        'Angry',
        'Blink_L',
        'Blink_R',
        'E',
        'I',
        'Joy',
        'LookDown',
        'LookLeft',
        'LookRight',
        'LookUp',
        'O',
        'Sorrow',
        'U',
      ].sort(),
    );
  });

  it('VB3 refuses frames of other pages, invalid and oversized frames', async () => {
    const frame = JSON.stringify(vmcFrame(someFace(), 0, 'arkit'));
    expect((await post(frame, 'http://evil.example')).status).toBe(403);
    expect((await post('{"time": 1}')).status).toBe(400);
    expect((await post('{"time":0,"blend":{"a/b":1},"bones":{}}')).status).toBe(400);
    expect((await post('x'.repeat(100_000))).status).toBe(413);
    expect((await fetch(`${server.origin}/other`, { method: 'POST' })).status).toBe(405);
    // Datagrams arrive in order: this one would be the last of several.
    expect((await post(frame)).status).toBe(204);
    await vi.waitFor(() => expect(bundles).not.toHaveLength(0));
    expect(bundles).toHaveLength(1);
  });

  it('VB4 without the option the server is read-only; a wrong target is named', async () => {
    const plain = await serve({ folders: [] });
    expect((await fetch(`${plain.origin}${BRIDGE_PATH}`, { method: 'POST', body: '{}' })).status).toBe(405);
    await plain.close();
    for (const text of ['vmc', 'vmc=localhost', 'osc=127.0.0.1:1', 'vmc=127.0.0.1:0']) {
      expect(() => targetOf(text)).toThrow(
        text.includes('osc') || !text.includes('=') ? 'PROTOCOL=HOST:PORT' : 'HOST:PORT',
      );
    }
  });

  it('VB5 one frame is on its way at a time; a lost server is reported, and the next frame tried', async () => {
    let answer: (response: Response) => void = () => {};
    const sent: string[] = [];
    const fake = (_url: unknown, init?: RequestInit) => {
      sent.push(String(init?.body));
      return new Promise<Response>((resolve) => {
        answer = resolve;
      });
    };
    const output = new BridgeOutput({ url: '/bridge', targets: ['vmc=x:1'], mapping: 'arkit', post: fake });
    const phases: string[] = [];
    output.state$.subscribe(({ phase }) => phases.push(phase));
    output.send(someFace(), 0);
    output.start();
    output.send(someFace(), 1);
    output.send(someFace(), 2);
    output.send(someFace('held'), 3);
    expect(sent).toHaveLength(1);
    answer(new Response(null, { status: 405 }));
    await vi.waitFor(() => expect(phases.at(-1)).toBe('lost'));
    output.send(someFace(), 4);
    answer(new Response(null, { status: 204 }));
    await vi.waitFor(() => expect(phases.at(-1)).toBe('sending'));
    expect(sent.map((text) => JSON.parse(text).time)).toEqual([1, 4]);
    output.stop();
    expect(phases.at(-1)).toBe('off');
  });
});
