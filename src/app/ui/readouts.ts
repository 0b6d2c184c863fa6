import { REGIONS, type Region, type Timings, type TrackedFrame } from '../../face/types';
import { FrameRate } from '../readings/frame-rate';
import type { ReadingReports } from '../session/reports';
import { type Bar, bar } from './bar';
import { element } from './elements';

const REGION_NAMES: Readonly<Record<Region, string>> = {
  eyeLeft: 'Left eye',
  eyeRight: 'Right eye',
  browLeft: 'Left brow',
  browRight: 'Right brow',
  nose: 'Nose',
  mouth: 'Mouth',
  jaw: 'Jaw',
  cheekLeft: 'Left cheek',
  cheekRight: 'Right cheek',
  forehead: 'Forehead',
};

const STAGES = ['pixels', 'detect', 'crop', 'focus', 'decode', 'smooth'] as const satisfies readonly (keyof Timings)[];

/** A region with a visibility below this is shown as covered. */
const COVERED = 0.6;
/** Milliseconds between two updates; faster ones are unreadable. */
const PERIOD = 250;
/** Milliseconds at which a stage's bar is full. */
const FULL_BAR = 40;
/** Shown where there is no reading. */
const NOTHING = '–';
/** Weight of the newest frame in the exponential moving averages. */
const NEWEST = 0.1;

/** The readings in the panel: frame rate, time per stage, visibility per region. */
export class Readouts implements ReadingReports {
  readonly #fps = element('fps', HTMLOutputElement);
  readonly #total = element('total', HTMLOutputElement);
  readonly #faces = element('faces-count', HTMLOutputElement);
  readonly #facesUnit = element('faces-unit', HTMLElement);
  readonly #source = element('source-name', HTMLElement);
  readonly #provider = element('provider', HTMLOutputElement);
  readonly #regions = bars(element('regions', HTMLElement), REGIONS, (region) => REGION_NAMES[region]);
  readonly #stages = bars(element('stages', HTMLElement), STAGES, (stage) => stage);
  readonly #rate = new FrameRate();
  #averages: Timings | undefined;
  #written = Number.NEGATIVE_INFINITY;

  showFrame({ faces, timings, provider }: TrackedFrame, now: number): void {
    const fps = this.#rate.add(now);
    const averages = averageTimings(this.#averages ?? timings, timings);
    this.#averages = averages;
    if (now - this.#written < PERIOD) return;
    this.#written = now;
    this.#fps.value = fps.toFixed(0);
    this.#total.value = milliseconds(averages.total);
    this.#faces.value = String(faces.length);
    this.#facesUnit.textContent = faces.length === 1 ? 'face' : 'faces';
    this.#provider.value = provider === 'webgpu' ? 'WebGPU' : 'CPU';
    for (const [stage, row] of this.#stages) {
      row.show(averages[stage] / FULL_BAR, `${milliseconds(averages[stage])} ms`);
    }
    const visibility = faces[0]?.visibility;
    for (const [region, row] of this.#regions) {
      if (visibility) row.show(visibility[region], `${Math.round(100 * visibility[region])} %`);
      else row.show(0, NOTHING);
      row.root.dataset.covered = String(visibility !== undefined && visibility[region] < COVERED);
    }
  }

  startSource(name: string): void {
    this.clear();
    this.#source.textContent = name;
  }

  clear(): void {
    this.#rate.reset();
    this.#averages = undefined;
    this.#written = Number.NEGATIVE_INFINITY;
    this.#source.textContent = NOTHING;
    this.#facesUnit.textContent = 'faces';
    for (const output of [this.#fps, this.#total, this.#faces]) output.value = NOTHING;
    for (const row of this.#stages.values()) row.show(0, NOTHING);
    for (const row of this.#regions.values()) {
      row.show(0, NOTHING);
      row.root.dataset.covered = 'false';
    }
  }
}

function averageTimings(before: Timings, now: Timings): Timings {
  const mix = (stage: keyof Timings) => before[stage] + NEWEST * (now[stage] - before[stage]);
  return {
    pixels: mix('pixels'),
    detect: mix('detect'),
    crop: mix('crop'),
    focus: mix('focus'),
    decode: mix('decode'),
    smooth: mix('smooth'),
    total: mix('total'),
  };
}

function milliseconds(ms: number): string {
  return ms.toFixed(ms < 100 ? 1 : 0);
}

function bars<T extends string>(parent: HTMLElement, keys: readonly T[], name: (key: T) => string): Map<T, Bar> {
  const made = new Map(keys.map((key) => [key, bar(name(key))]));
  parent.replaceChildren(...[...made.values()].map(({ root }) => root));
  return made;
}
