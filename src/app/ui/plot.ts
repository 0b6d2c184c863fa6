import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { make } from './elements';

/** A plot on the page, loaded on demand. */
export interface Plot {
  /**
   * Draws the columns: times in seconds relative to the newest, values before smoothing, values after. `unit` labels
   * the axis.
   */
  draw(columns: [number[], (number | null)[], (number | null)[]], unit: string): void;
  close(): void;
}

const HEIGHT = 150;
/** Length of the time axis in seconds. */
const SPAN = 6;

/** The plot follows the width of its parent. */
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
    draw(columns, newUnit) {
      unit = newUnit;
      plot.setData(columns);
    },
    close() {
      watch.disconnect();
      plot.destroy();
      key.remove();
    },
  };
}
