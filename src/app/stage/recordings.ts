import { BehaviorSubject, map, type Observable, Subscription, takeWhile, timer } from 'rxjs';
import { DEFAULT_FOV } from '../../face/projection';
import type { RestingFace, Seconds, TrackedFrame } from '../../face/types';
import { frameLine } from '../../recording/frame-line';
import { recordingFile } from '../../recording/recording-file';
import { newHeader } from '../../recording/recording-header';
import type { HeaderChange, RecordingWriter } from '../../recording/recording-writer';
import type { Source } from '../session/source';
import { fileName } from './file-name';
import { messageOf } from './message-of';
import { RecordingList, type RecordingListDependencies } from './recording-list';

export interface RecordingsDependencies extends RecordingListDependencies {
  readonly tracked$: Observable<TrackedFrame>;
  readonly source$: Observable<Source | undefined>;
  /** Name of the bundle in use. */
  readonly bundle: () => string;
  /** Receives whether tracked frames must contain the faces before smoothing. */
  readonly rawFaces$: BehaviorSubject<boolean>;
}

/** `seconds`, `frames` and `markers` of the recording so far; `secondsLeft` of the countdown. */
export interface RecordingState {
  readonly phase: 'idle' | 'countdown' | 'recording' | 'saving';
  readonly secondsLeft: number;
  readonly seconds: Seconds;
  readonly frames: number;
  readonly markers: number;
}

const IDLE: RecordingState = { phase: 'idle', secondsLeft: 0, seconds: 0, frames: 0, markers: 0 };
/** Seconds before a recording starts. */
const COUNTDOWN = 3;

/** A recording that runs. */
interface Running {
  readonly writer: RecordingWriter;
  readonly source: Source;
  readonly markers: { time: Seconds; name: string }[];
  restingFace: RestingFace | null;
  start?: Seconds;
  time?: Seconds;
}

/**
 * Records tracked data; `stored` manages what is recorded. A recording ends and is kept when its source ends or changes, or when
 * the storage is full.
 */
export class Recordings {
  readonly #state$ = new BehaviorSubject(IDLE);
  readonly state$: Observable<RecordingState> = this.#state$;
  readonly stored: RecordingList;
  #source: Source | undefined;
  #latest: TrackedFrame['frame'] | undefined;
  #running: Running | undefined;
  #countdown = Subscription.EMPTY;
  #saving = Promise.resolve();

  constructor(private readonly dependencies: RecordingsDependencies) {
    this.stored = new RecordingList(dependencies);
    dependencies.source$.subscribe((source) => {
      this.#source = source;
      this.#latest = undefined;
      if (this.#state$.value.phase !== 'idle') void this.stop();
    });
    dependencies.tracked$.subscribe((tracked) => this.#addFrame(tracked));
  }

  /** Starts the countdown, after which the recording starts; while either runs, ends it. */
  toggle(): void {
    if (this.#state$.value.phase === 'idle') this.start();
    else void this.stop();
  }

  start(): void {
    if (this.#state$.value.phase !== 'idle') return;
    this.dependencies.notices.clearWarning('recording');
    const obstacle = this.#obstacle();
    if (obstacle) {
      this.#warn(obstacle);
      return;
    }
    this.dependencies.rawFaces$.next(true);
    const show = (secondsLeft: number) => this.#state$.next({ ...IDLE, phase: 'countdown', secondsLeft });
    show(COUNTDOWN);
    this.#countdown = timer(1000, 1000)
      .pipe(
        map((second) => COUNTDOWN - 1 - second),
        takeWhile((left) => left > 0),
      )
      .subscribe({ next: show, complete: () => void this.#begin() });
  }

  /** Why nothing can be recorded; undefined where it can. */
  #obstacle(): string | undefined {
    if (this.#source?.kind === 'picture') return 'A still picture cannot be recorded. Open a video or a camera.';
    return this.#latest && this.#source ? undefined : 'There is nothing to record yet. Choose a source first.';
  }

  /** Ends the countdown, or the recording, which is kept. Resolves when it is stored. */
  async stop(): Promise<void> {
    this.#countdown.unsubscribe();
    const running = this.#running;
    this.#running = undefined;
    this.dependencies.rawFaces$.next(false);
    if (running) this.#saving = this.#save(running);
    else if (this.#state$.value.phase !== 'saving') this.#state$.next(IDLE);
    await this.#saving;
  }

  /** Marks the current frame of a running recording. */
  mark(): void {
    const { markers, time } = this.#running ?? {};
    if (!markers || time === undefined) return;
    markers.push({ time, name: `Marker ${markers.length + 1}` });
    this.#state$.next({ ...this.#state$.value, markers: markers.length });
    void this.#running?.writer.update({ markers: [...markers] }).catch(() => undefined);
  }

  async #begin(): Promise<void> {
    const [source, frame, countdown] = [this.#source, this.#latest, this.#countdown];
    if (!source || !frame) return this.stop();
    const { kind, name } = source;
    const { width, height } = frame;
    const facts = { name: `${name}, ${stamp()}`, source: { kind, name }, bundle: this.dependencies.bundle() };
    try {
      const writer = await this.dependencies.store.create(newHeader({ ...facts, width, height }));
      // Cancelled by the source or the user, who may have started another countdown since.
      if (this.#state$.value.phase !== 'countdown' || this.#countdown !== countdown) {
        await this.dependencies.store.delete(writer.id);
        return;
      }
      this.#running = { writer, source, markers: [], restingFace: null };
      this.#state$.next({ ...IDLE, phase: 'recording' });
    } catch (error) {
      this.#warn(messageOf(error));
      await this.stop();
    }
  }

  #addFrame(tracked: TrackedFrame): void {
    this.#latest = tracked.frame;
    const running = this.#running;
    if (!running || this.#state$.value.phase !== 'recording') return;
    const { time } = tracked.frame;
    running.start ??= time;
    running.time = time;
    running.restingFace = tracked.faces.find((face) => face.restingFace)?.restingFace ?? running.restingFace;
    const line = frameLine(tracked, running.source.name, { points478: false, fov: DEFAULT_FOV });
    const { writer } = running;
    writer.append(line, time).catch(() => this.#running === running && void this.stop());
    this.#state$.next({ ...this.#state$.value, seconds: time - running.start, frames: writer.frames });
  }

  async #save({ writer, restingFace, markers }: Running): Promise<void> {
    this.#state$.next({ ...this.#state$.value, phase: 'saving' });
    const change = { restingFace: restingFace && [...restingFace], markers };
    try {
      if (writer.frames === 0) await this.dependencies.store.delete(writer.id);
      else await writer.finish(change);
    } catch (error) {
      await this.#rescue(writer, change, error);
    }
    this.#state$.next(IDLE);
    await this.stored.refresh();
  }

  /** A recording that cannot be stored is saved as a file, with the frames that are still in memory. */
  async #rescue(writer: RecordingWriter, change: HeaderChange, error: unknown): Promise<void> {
    const rest = writer.unsaved.map((line) => `${line}\n`);
    const stored = await recordingFile(this.dependencies.store, writer.id, change).catch(() => undefined);
    if (!stored) {
      this.#warn(messageOf(error));
      return;
    }
    this.dependencies.save(fileName('peekaboo-recording', '.jsonl'), new Blob([stored, ...rest]));
    this.#warn(`${messageOf(error)} The recording was also saved as a file.`);
  }

  #warn(text: string): void {
    this.dependencies.notices.warn(text, 'recording');
  }
}

function stamp(): string {
  return new Date().toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
