import { make } from './elements';

/** A named bar with its number. */
export interface Bar {
  readonly root: HTMLElement;
  /** `share` 0 to 1. */
  set(share: number, text: string): void;
}

export function bar(name: string): Bar {
  const output = make('output');
  const fill = make('div', 'fill');
  const root = make('div', 'bar', make('span', '', name), output, make('div', 'track', fill));
  let shown = '';
  return {
    root,
    set(share, text) {
      fill.style.transform = `scaleX(${Math.min(Math.max(share, 0), 1).toFixed(3)})`;
      if (text === shown) return;
      output.value = text;
      shown = text;
    },
  };
}
