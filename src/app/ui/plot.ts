import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { make } from './elements';

/** A plot on the page. */
export interface Plot {
  /** Times (seconds, the newest 0), before, after; the unit is written behind the numbers. */
  show(columns: [number[], (number | null)[], (number | null)[]], unit: string): void;
  close(): void;
}

const HEIGHT = 150;
/** Seconds shown. */
const SPAN = 6;

/** Fills the width of its parent, also when that changes. */
export function openPlot(parent: HTMLElement): Plot {
  let unit = '';
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: colour('--quiet'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui',
    size: 22,
  };
  const plot = new uPlot(
    {
      width: Math.max(parent.clientWidth, 100),
      height: HEIGHT,
      cursor: { show: false },
      legend: { show: false },
      scales: { x: { time: false, range: [-SPAN, 0] } },
      axes: [
        { ...axis, values: (_plot, ticks) => ticks.map((tick) => `${tick} s`) },
        { ...axis, size: 46, values: (_plot, ticks) => ticks.map((tick) => `${Number(tick.toFixed(3))}${unit}`) },
      ],
      series: [
        {},
        { label: 'before', stroke: colour('--coral'), width: 1, points: { show: false } },
        { label: 'after', stroke: colour('--mint'), width: 2, points: { show: false } },
      ],
    },
    [[], [], []],
    parent,
  );
  const key = make('p', 'plot-key', make('span', 'before', 'before'), make('span', 'after', 'after smoothing'));
  parent.append(key);
  const watch = new ResizeObserver(() => plot.setSize({ width: Math.max(parent.clientWidth, 100), height: HEIGHT }));
  watch.observe(parent);
  return {
    show(columns, of) {
      unit = of;
      plot.setData(columns);
    },
    close() {
      watch.disconnect();
      plot.destroy();
      key.remove();
    },
  };
}
