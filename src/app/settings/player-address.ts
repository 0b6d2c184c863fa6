import { SETTINGS, type Settings } from './settings';

const NAMES = ['t', 'in', 'out', 'loop', 'speed'] as const;

/** The address with the state of the player; null removes it. Values that are the default are left out. */
export function withPlayer(address: string, state: Pick<Settings, (typeof NAMES)[number] | 'source'> | null): string {
  const url = new URL(address);
  for (const name of NAMES) url.searchParams.delete(name);
  if (!state) return url.href;
  const times = { t: round(state.t), in: round(state.in), out: round(state.out) };
  const rounded = { ...state, ...times };
  for (const name of NAMES) {
    if (rounded[name] !== SETTINGS[name].default) url.searchParams.set(name, formatted(name, rounded));
  }
  // The position belongs to this source, not to the one that a reload would open.
  if (url.searchParams.has('source') || state.source !== SETTINGS.source.default)
    url.searchParams.set('source', state.source);
  return url.href;
}

function formatted<N extends (typeof NAMES)[number]>(name: N, state: Pick<Settings, N>): string {
  return SETTINGS[name].format(state[name]);
}

/** To milliseconds. */
function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
