import { BehaviorSubject, combineLatest, EMPTY, type Observable, of, Subject, switchMap, timer } from 'rxjs';
import { type FrameTimes, readFrameTimes } from '../../capture/frame-times';
import type { PlaybackControl, PlaybackPosition } from '../../capture/playback-control';
import type { Seconds, TrackedFrame } from '../../face/types';
import { ClipCoverage } from '../readings/clip-coverage';
import type { SettingsStore } from '../settings/settings-store';
import type { Source } from './source';

/** Milliseconds after which the frame of a paused video is tracked again if it was not. */
const RETRY = 5000;

export const SPEEDS = [0.25, 0.5, 1, 1.5, 2] as const;

export interface PlayerDependencies {
  readonly store: SettingsStore;
  readonly source$: Observable<Source | undefined>;
  readonly tracked$: Observable<TrackedFrame>;
  readonly paused$: BehaviorSubject<boolean>;
  /** Tests pass a double. */
  readonly readTimes?: (file: Blob) => Promise<FrameTimes | undefined>;
}

/** A clip that can be played. */
export interface Clip {
  readonly source: Source;
  readonly control: PlaybackControl;
  readonly coverage: ClipCoverage;
  /** Times of all frames; read once, when they are needed. */
  readonly frameTimes: () => Promise<FrameTimes | undefined>;
}

/**
 * The player of the running video: position, range, loop and speed. Without a video, its functions do nothing. The
 * settings `t`, `in`, `out`, `loop` and `speed` apply to the first video; another video starts from its beginning.
 */
export class Player {
  readonly #clip$ = new BehaviorSubject<Clip | undefined>(undefined);
  /** The running video; undefined while none runs. */
  readonly clip$: Observable<Clip | undefined> = this.#clip$;
  readonly position$: Observable<PlaybackPosition | undefined> = this.#clip$.pipe(
    switchMap((clip) => clip?.control.position$ ?? of(undefined)),
  );
  readonly #used$ = new Subject<void>();
  /** Emits when the user has used the player. */
  readonly used$: Observable<void> = this.#used$;
  #isFirst = true;
  /** Time in the clip of the frame that was tracked last. */
  #shown: Seconds | undefined;
  /** Steps that wait for the times of the frames; what follows is done after them. */
  #steps = 0;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly dependencies: PlayerDependencies) {
    const { store, source$, tracked$, paused$ } = dependencies;
    source$.subscribe((source) => this.#start(source));
    store.pick$('in', 'out', 'loop', 'speed').subscribe(() => this.#applySettings());
    tracked$.subscribe(({ frame, faces }) => {
      const { clip } = this;
      const clock = clip?.control.clock;
      this.#shown = clock?.mediaTime(frame.time);
      if (clock) clip.coverage.add(clock.mediaTime(frame.time), faces, clock.isCut(frame.time));
    });
    this.#clip$.pipe(switchMap((clip) => clip?.control.ended$ ?? EMPTY)).subscribe(() => paused$.next(true));
    // A paused video gives one frame. If tracking it fails, as when a worker is replaced, it is tracked again.
    combineLatest([this.position$, paused$])
      .pipe(switchMap(([position, paused]) => (position && paused ? timer(RETRY) : EMPTY)))
      .subscribe(() => this.#retry());
  }

  get clip(): Clip | undefined {
    return this.#clip$.value;
  }

  /** The time in the running video of a frame; undefined without one. */
  clipTime(frameTime: Seconds): Seconds | undefined {
    return this.clip?.control.clock.mediaTime(frameTime);
  }

  seek(time: Seconds): void {
    this.#use((clip) => clip.control.seek(time));
  }

  seekBy(seconds: Seconds): void {
    this.#use(({ control }) => control.seek(control.position.time + seconds));
  }

  /** Pauses, and shows the next frame, or the previous one for -1. */
  async step(frames: 1 | -1): Promise<void> {
    const { clip } = this;
    if (!clip) return;
    this.dependencies.paused$.next(true);
    this.#steps += 1;
    this.#queue = this.#queue.then(clip.frameTimes).then(() => {
      this.#steps -= 1;
      clip.control.step(frames);
      this.#used$.next();
    });
    await this.#queue;
  }

  /** Sets the in or out point to the position, or removes it. A point that would leave nothing to play removes the other one. */
  togglePoint(point: 'in' | 'out'): void {
    this.#use(({ control }) => {
      const { store } = this.dependencies;
      const time = Math.round(control.position.time * 1000) / 1000;
      if (store.now[point] > 0) return store.set({ [point]: 0 });
      const { in: start, out } = store.now;
      if (point === 'in') store.set({ in: time, out: out > time ? out : 0 });
      else store.set({ in: start < time ? start : 0, out: time });
    });
  }

  toggleLoop(): void {
    const { store } = this.dependencies;
    this.#use(() => store.set({ loop: !store.now.loop }));
  }

  setSpeed(speed: number): void {
    this.#use(() => this.dependencies.store.set({ speed }));
  }

  /** The next speed of the list, upwards for 1 and downwards for -1. */
  changeSpeed(direction: 1 | -1): void {
    const { speed } = this.dependencies.store.now;
    const next = direction > 0 ? SPEEDS.find((other) => other > speed) : SPEEDS.findLast((other) => other < speed);
    if (next !== undefined) this.setSpeed(next);
  }

  #retry(): void {
    const { control } = this.clip ?? {};
    const isShown = this.#shown !== undefined && Math.abs(this.#shown - (control?.position.time ?? 0)) < 1e-3;
    if (!isShown) control?.refresh();
  }

  #use(act: (clip: Clip) => void): void {
    const { clip } = this;
    if (!clip) return;
    const run = () => {
      act(clip);
      this.#used$.next();
    };
    if (this.#steps === 0) run();
    else this.#queue = this.#queue.then(run);
  }

  #start(source: Source | undefined): void {
    const { store } = this.dependencies;
    if (source?.control === this.clip?.control) return;
    this.#shown = undefined;
    if (!source?.control) {
      this.#clip$.next(undefined);
      return;
    }
    if (!this.#isFirst) store.set({ t: 0, in: 0, out: 0 });
    this.#isFirst = false;
    const { control } = source;
    this.#clip$.next({ source, control, coverage: new ClipCoverage(), frameTimes: this.#timesOf(source, control) });
    this.#applySettings();
    const start = store.now.t || store.now.in;
    if (start > 0) control.seek(start);
  }

  #timesOf({ media }: Source, control: PlaybackControl): Clip['frameTimes'] {
    const { readTimes = readFrameTimes } = this.dependencies;
    let reading: Promise<FrameTimes | undefined> | undefined;
    const read = async () => {
      const found = await media?.()
        .then(readTimes)
        .catch(() => undefined);
      if (found) control.setFrames(found.times, found.end);
      return found;
    };
    return () => {
      reading ??= read();
      return reading;
    };
  }

  #applySettings(): void {
    const { control } = this.clip ?? {};
    const { in: start, out, loop, speed } = this.dependencies.store.now;
    control?.setRange({ start, loop, ...(out > start ? { end: out } : {}) });
    control?.setSpeed(speed);
  }
}
