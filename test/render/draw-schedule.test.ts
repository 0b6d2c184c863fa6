import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DrawSchedule } from '../../src/render/draw-schedule';

let frames: Map<number, () => void>;

/** Runs the callbacks that wait for the next animation frame; those requested meanwhile wait for the one after. */
function animationFrame(): void {
  const waiting = [...frames.values()];
  frames.clear();
  for (const callback of waiting) callback();
}

beforeEach(() => {
  frames = new Map();
  let handles = 0;
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => {
    handles += 1;
    frames.set(handles, callback);
    return handles;
  });
  vi.stubGlobal('cancelAnimationFrame', (handle: number) => frames.delete(handle));
});
afterEach(() => vi.unstubAllGlobals());

it('R13 draws once in the next animation frame, however often it is requested', () => {
  const draw = vi.fn();
  const schedule = new DrawSchedule(draw);
  schedule.request();
  schedule.request();
  expect(draw).not.toHaveBeenCalled();
  expect(schedule.pending).toBe(true);
  animationFrame();
  animationFrame();
  expect(draw).toHaveBeenCalledOnce();
  expect(schedule.pending).toBe(false);
});

it('R13 draws again when a drawing requests it, also one that throws', () => {
  const draw = vi.fn(() => {
    if (draw.mock.calls.length < 3) schedule.request();
    if (draw.mock.calls.length === 2) throw new Error('planned');
  });
  const schedule = new DrawSchedule(draw);
  schedule.request();
  animationFrame();
  expect(animationFrame).toThrow('planned');
  animationFrame();
  animationFrame();
  expect(draw).toHaveBeenCalledTimes(3);
});

it('R13 draws nothing after a cancel until the next request', () => {
  const draw = vi.fn();
  const schedule = new DrawSchedule(draw);
  schedule.request();
  schedule.cancel();
  animationFrame();
  expect(draw).not.toHaveBeenCalled();
  schedule.request();
  animationFrame();
  expect(draw).toHaveBeenCalledOnce();
});
