import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addressOf, openOutputs } from '../../tools/lib/outputs.mjs';
import { HEADERS } from '../../tools/lib/serve.mjs';

const POLICY = 'Content-Security-Policy';

describe('outputs of npm start', () => {
  it('W11 without an output, the policy permits the own origin only', () => {
    const { headers, files } = openOutputs({});
    expect(headers).toEqual(HEADERS);
    expect(files.size).toBe(0);
  });

  it('W11 an output opens the policy for its address only', () => {
    const { headers, files } = openOutputs({ vts: 'localhost:8001' });
    expect(headers[POLICY]).toBe(
      HEADERS[POLICY]?.replace("connect-src 'self'", "connect-src 'self' ws://localhost:8001"),
    );
    expect(headers[POLICY]).not.toBe(HEADERS[POLICY]);
    expect(JSON.parse(readFileSync(files.get('outputs.json') ?? '', 'utf8'))).toEqual({
      vts: 'ws://localhost:8001',
      bridge: [],
    });
    expect({ ...headers, [POLICY]: '' }).toEqual({ ...HEADERS, [POLICY]: '' });
  });

  it('W11 the bridge is part of the own server and leaves the policy as it is', () => {
    const { headers, files } = openOutputs({ bridge: ['vmc=127.0.0.1:39539'] });
    expect(headers).toEqual(HEADERS);
    expect(JSON.parse(readFileSync(files.get('outputs.json') ?? '', 'utf8'))).toEqual({
      vts: null,
      bridge: ['vmc=127.0.0.1:39539'],
    });
  });

  it('W11 an address cannot add anything else to the policy', () => {
    expect(addressOf('--vts', '[::1]:8001')).toEqual({ host: '[::1]', port: 8001 });
    for (const text of [
      'localhost',
      'localhost:0',
      'localhost:99999',
      'a:80; script-src *',
      '*:80',
      'a:80 b:90',
      ':80',
    ]) {
      expect(() => addressOf('--vts', text)).toThrow('an address is HOST:PORT');
    }
  });
});
