import { make } from './elements';

/** A labelled bar with a text for its value. */
export interface Bar {
  readonly root: HTMLElement;
  /** `share`: length of the bar, clamped to 0 to 1. */
  show(share: number, text: string): void;
}

export function bar(name: string): Bar {
  const output = make('output');
  const fill = make('div', 'fill');
  const root = make('div', 'bar', make('span', '', name), output, make('div', 'track', fill));
  let shown = '';
  return {
    root,
    show(share, text) {
      fill.style.transform = `scaleX(${Math.min(Math.max(share, 0), 1).toFixed(3)})`;
      if (text === shown) return;
      output.value = text;
      shown = text;
    },
  };
}
