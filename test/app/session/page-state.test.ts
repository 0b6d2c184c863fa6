import { describe, expect, it } from 'vitest';
import { PageState } from '../../../src/app/session/page-state';
import type { Face } from '../../../src/face/types';

const NOBODY = { faces: [], provider: 'wasm' } as const;

function setUp() {
  const data: Record<string, string | undefined> = { frames: '7', other: 'kept' };
  return { data, state: new PageState(data as DOMStringMap) };
}

describe('PageState', () => {
  it('A9 starts with state loading and all entries', () => {
    expect(setUp().data).toEqual({
      state: 'loading',
      frames: '0',
      faces: '0',
      provider: '',
      engine: '',
      filters: '',
      error: '',
      other: 'kept',
    });
  });

  it('A9 publishes frames, faces, provider and engine', () => {
    const { data, state } = setUp();
    state.engine('webgl2');
    state.tracked(NOBODY, false);
    state.tracked({ faces: [{} as Face], provider: 'webgpu' }, false);
    expect(data).toMatchObject({ frames: '2', faces: '1', provider: 'webgpu', engine: 'webgl2', state: 'running' });
  });

  it('A9 stays paused when a frame arrives that was tracked before the pause', () => {
    const { data, state } = setUp();
    state.paused();
    expect(data.state).toBe('loading');
    state.tracked(NOBODY, false);
    state.paused();
    expect(data.state).toBe('paused');
    state.tracked(NOBODY, true);
    expect(data.state).toBe('paused');
    state.tracked(NOBODY, false);
    expect(data.state).toBe('running');
  });

  it('A9 keeps the state error until the next source starts, and the code until the error is dismissed', () => {
    const { data, state } = setUp();
    state.failed('FileError');
    state.tracked(NOBODY, false);
    expect(data).toMatchObject({ state: 'error', error: 'FileError', frames: '1' });
    state.errorDismissed();
    expect(data).toMatchObject({ state: 'error', error: '' });
    state.loading();
    state.tracked(NOBODY, false);
    expect(data.state).toBe('running');
    state.idle();
    expect(data.state).toBe('idle');
  });

  it('A9 A15 keeps its state if the session continues in spite of the error', () => {
    const { data, state } = setUp();
    state.tracked(NOBODY, false);
    expect(state.isRunning).toBe(true);
    state.failed('VideoFileError', state.isRunning);
    expect(data).toMatchObject({ state: 'running', error: 'VideoFileError' });
    state.cleared();
    expect([data.state, data.faces, state.isRunning]).toEqual(['idle', '0', false]);
  });
});
