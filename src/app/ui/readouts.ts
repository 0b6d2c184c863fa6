import { REGIONS, type Region, type Timings, type TrackedFrame } from '../../face/types';
import { FrameRate } from '../readings/frame-rate';
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

/** Below this share a region counts as covered. */
const COVERED = 0.6;
/** Milliseconds between two changes of the numbers: quicker ones cannot be read. */
const PERIOD = 250;
/** The stages' bars are full at this many milliseconds. */
const FULL_BAR = 40;
/** Weight of the newest frame in the running means. */
const NEWEST = 0.1;

/** The numbers beside the picture. */
export class Readouts {
  readonly #fps = element('fps', HTMLOutputElement);
  readonly #total = element('total', HTMLOutputElement);
  readonly #faces = element('faces-count', HTMLOutputElement);
  readonly #facesUnit = element('faces-unit', HTMLElement);
  readonly #source = element('source-name', HTMLElement);
  readonly #provider = element('provider', HTMLOutputElement);
  readonly #regions = bars(element('regions', HTMLElement), REGIONS, (region) => REGION_NAMES[region]);
  readonly #stages = bars(element('stages', HTMLElement), STAGES, (stage) => stage);
  readonly #rate = new FrameRate();
  readonly #means = new Map<keyof Timings, number>();
  #written = Number.NEGATIVE_INFINITY;

  /** `now` in milliseconds. */
  show({ faces, timings, provider }: TrackedFrame, now: number): void {
    const fps = this.#rate.add(now);
    for (const stage of [...STAGES, 'total'] as const) this.#average(stage, timings[stage]);
    if (now - this.#written < PERIOD) return;
    this.#written = now;
    this.#fps.value = fps.toFixed(0);
    this.#total.value = milliseconds(this.#means.get('total') ?? 0);
    this.#faces.value = String(faces.length);
    this.#facesUnit.textContent = faces.length === 1 ? 'face' : 'faces';
    this.#provider.value = provider === 'webgpu' ? 'WebGPU' : 'CPU';
    for (const [stage, row] of this.#stages) {
      const ms = this.#means.get(stage) ?? 0;
      row.set(ms / FULL_BAR, `${milliseconds(ms)} ms`);
    }
    const visibility = faces[0]?.visibility;
    for (const [region, row] of this.#regions) {
      const share = visibility?.[region];
      row.set(share ?? 0, share === undefined ? '–' : `${Math.round(100 * share)} %`);
      row.root.dataset.covered = String(share !== undefined && share < COVERED);
    }
  }

  /** A source of this name starts, with new figures. */
  reset(source: string): void {
    this.#source.textContent = source;
    this.#rate.reset();
    this.#means.clear();
  }

  #average(stage: keyof Timings, ms: number): void {
    const before = this.#means.get(stage) ?? ms;
    this.#means.set(stage, before + NEWEST * (ms - before));
  }
}

function milliseconds(ms: number): string {
  return ms.toFixed(ms < 100 ? 1 : 0);
}

function bars<T extends string>(parent: HTMLElement, keys: readonly T[], name: (key: T) => string): Map<T, Bar> {
  const made = new Map(keys.map((key) => [key, bar(name(key))]));
  parent.replaceChildren(...[...made.values()].map(({ root }) => root));
  return made;
}
