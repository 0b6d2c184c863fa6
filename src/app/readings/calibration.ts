import { get, set } from 'idb-keyval';
import { BehaviorSubject, type Observable, Subscription, takeWhile, timer } from 'rxjs';
import * as v from 'valibot';
import {
  createRestingFaceCapture,
  type Obstacle,
  type RestingFaceCapture,
  withRestingFace,
} from '../../face/resting-face';
import { EXPRESSION_NAMES, type Face, type RestingFace, type Seconds, type TrackedFrame } from '../../face/types';

/** What the calibration does; `set`: a resting face is taken off. */
export type CalibrationState = { readonly set: boolean } & (
  | { readonly step: 'idle' | 'done' }
  | { readonly step: 'countdown'; readonly left: number }
  | { readonly step: 'looking'; readonly share: number; readonly obstacle?: Obstacle }
  | { readonly step: 'failed'; readonly obstacle: Obstacle }
);

/** Where a resting face is kept between visits. */
export interface NeutralStore {
  /** Undefined where none is kept. */
  read(): Promise<RestingFace | undefined>;
  write(neutral: RestingFace | undefined): Promise<void>;
}

/** Seconds of the countdown, and seconds of looks after which it gives up. */
const COUNTDOWN = 3;
const PATIENCE = 6;

const KEY = 'peekaboo-neutral';
const neutralSchema = v.pipe(
  v.array(v.pipe(v.number(), v.minValue(0), v.maxValue(0.9))),
  v.length(EXPRESSION_NAMES.length),
);

/** This browser's own memory; nothing where it keeps nothing. */
export const keptNeutral: NeutralStore = {
  async read() {
    const kept = v.safeParse(neutralSchema, await get<unknown>(KEY).catch(() => undefined));
    return kept.success ? kept.output : undefined;
  },
  write: (neutral) => set(KEY, neutral).catch(() => undefined),
};

/** Measures a person's resting face and takes it off the named expressions of what is tracked. */
export class Calibration {
  readonly #state$ = new BehaviorSubject<CalibrationState>({ step: 'idle', set: false });
  readonly state$: Observable<CalibrationState> = this.#state$;
  #neutral: RestingFace | undefined;
  #before: RestingFace | undefined;
  /** The face it is taken off. */
  #id: number | undefined;
  #countdown = Subscription.EMPTY;
  #capture: RestingFaceCapture | undefined;
  #since: Seconds | undefined;

  constructor(private readonly store: NeutralStore = keptNeutral) {
    void store.read().then((neutral) => {
      if (!neutral || this.#neutral) return;
      this.#neutral = neutral;
      if (this.#state$.value.step === 'idle') this.#tell({ step: 'idle' });
    });
  }

  /** Counts down and measures; while that goes on, stops it. */
  toggle(): void {
    const { step } = this.#state$.value;
    if (step === 'countdown' || step === 'looking') {
      this.#stop();
      this.#tell({ step: 'idle' });
      return;
    }
    this.#countdown = timer(0, 1000)
      .pipe(takeWhile((second) => second < COUNTDOWN))
      .subscribe({
        next: (second) => this.#tell({ step: 'countdown', left: COUNTDOWN - second }),
        complete: () => this.#look(),
      });
  }

  /** Goes back to the resting face before this one, or to none. */
  undo(): void {
    this.#stop();
    this.#take(this.#before);
    this.#before = undefined;
    this.#tell({ step: 'idle' });
  }

  /** The frame with the resting face taken off: of the face it was measured on, else of the largest. */
  apply(tracked: TrackedFrame): TrackedFrame {
    const { faces } = tracked;
    if (!faces.some(({ id }) => id === this.#id)) this.#id = faces[0]?.id;
    this.#measure(
      faces.find(({ id }) => id === this.#id),
      tracked.frame.time,
    );
    const neutral = this.#neutral;
    if (!neutral) return tracked;
    return { ...tracked, faces: faces.map((face) => (face.id === this.#id ? withRestingFace(face, neutral) : face)) };
  }

  #look(): void {
    this.#capture = createRestingFaceCapture();
    this.#since = undefined;
    this.#tell({ step: 'looking', share: 0 });
  }

  #measure(face: Face | undefined, time: Seconds): void {
    if (!this.#capture) return;
    this.#since ??= time;
    const progress = this.#capture.step(face, time);
    if (progress.state === 'done') {
      this.#stop();
      this.#before = this.#neutral;
      this.#take(progress.restingFace);
      this.#tell({ step: 'done' });
    } else if (progress.obstacle && time - this.#since > PATIENCE) {
      this.#stop();
      this.#tell({ step: 'failed', obstacle: progress.obstacle });
    } else {
      const { share, obstacle } = progress;
      this.#tell({ step: 'looking', share, ...(obstacle ? { obstacle } : {}) });
    }
  }

  #take(neutral: RestingFace | undefined): void {
    this.#neutral = neutral;
    void this.store.write(neutral);
  }

  #stop(): void {
    this.#capture = undefined;
    this.#countdown.unsubscribe();
  }

  #tell(state: Omitted<CalibrationState>): void {
    this.#state$.next({ ...state, set: this.#neutral !== undefined });
  }
}

type Omitted<T> = T extends unknown ? Omit<T, 'set'> : never;
