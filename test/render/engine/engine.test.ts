import { describe, expect, it } from 'vitest';
import {
  type AdapterTraits,
  type EngineChoice,
  EngineError,
  type OpenEngine,
  openEngine,
} from '../../../src/render/engine/engine';

const CANVAS = {} as HTMLCanvasElement;
const opened = (kind: OpenEngine['kind']) => ({ kind }) as OpenEngine;
const REFUSED = new EngineError('WebGPU could not be opened: no device');

interface Machine {
  readonly adapter?: AdapterTraits | null | Error;
  readonly webgpu?: Error;
  readonly webgl?: Error;
}

async function kindOn({ adapter = {}, webgpu, webgl }: Machine, choice: EngineChoice = 'auto'): Promise<string> {
  const answer = async <T>(value: T | Error): Promise<T> => {
    if (value instanceof Error) throw value;
    return value;
  };
  const engine = await openEngine(CANVAS, choice, {
    findAdapter: () => answer(adapter),
    openWebGPU: () => answer(webgpu ?? opened('webgpu')),
    openWebGL: () => answer(webgl ?? opened('webgl2')),
  });
  return engine.kind;
}

describe('openEngine', () => {
  it('R11 takes WebGPU where the adapter is hardware', async () => {
    const info = { vendor: 'nvidia', architecture: 'hopper', device: '', description: '' };
    expect(await kindOn({ adapter: { info } })).toBe('webgpu');
  });

  it('R11 takes an adapter without info for hardware unless it says that it is a fall-back', async () => {
    expect(await kindOn({ adapter: {} })).toBe('webgpu');
    expect(await kindOn({ adapter: { isFallbackAdapter: false } })).toBe('webgpu');
    expect(await kindOn({ adapter: { isFallbackAdapter: true } })).toBe('webgl2');
  });

  it.each([
    { isFallbackAdapter: true },
    { vendor: 'google', architecture: 'swiftshader' },
    { vendor: 'mesa', description: 'llvmpipe (LLVM 15.0)' },
    { description: 'Microsoft Basic Render Driver' },
  ])('R11 leaves a software adapter to WebGL2: %o', async (info) => {
    expect(await kindOn({ adapter: { info } })).toBe('webgl2');
  });

  it('R11 falls back where there is no adapter, none can be asked for, or WebGPU does not open', async () => {
    expect(await kindOn({ adapter: null })).toBe('webgl2');
    expect(await kindOn({ adapter: new Error('no adapter') })).toBe('webgl2');
    expect(await kindOn({ webgpu: REFUSED })).toBe('webgl2');
  });

  it('R11 opens what was asked for by name or throws', async () => {
    expect(await kindOn({ adapter: null }, 'webgpu')).toBe('webgpu');
    expect(await kindOn({}, 'webgl')).toBe('webgl2');
    await expect(kindOn({ webgpu: REFUSED }, 'webgpu')).rejects.toBe(REFUSED);
    const none = new EngineError('This browser has no WebGL2.');
    await expect(kindOn({ webgpu: REFUSED, webgl: none })).rejects.toBe(none);
  });
});
