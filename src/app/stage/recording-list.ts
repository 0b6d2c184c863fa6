import { BehaviorSubject, type Observable } from 'rxjs';
import type { RecordingInfo } from '../../recording/recording-database';
import { importRecording, recordingFile } from '../../recording/recording-file';
import type { RecordingStore } from '../../recording/recording-store';
import type { NoticeReports } from '../session/reports';
import { fileName } from './file-name';
import { messageOf } from './message-of';

export interface RecordingListDependencies {
  readonly store: RecordingStore;
  readonly save: (name: string, file: Blob) => void;
  readonly notices: Pick<NoticeReports, 'warn' | 'clearWarning'>;
}

/** The stored recordings, and what the user does with them. A failure is shown as a warning; no method rejects. */
export class RecordingList {
  readonly #items$ = new BehaviorSubject<readonly RecordingInfo[]>([]);
  /** The newest first, as of the last `refresh` or change. */
  readonly items$: Observable<readonly RecordingInfo[]> = this.#items$;

  constructor(private readonly dependencies: RecordingListDependencies) {}

  /** Reads the list again. */
  async refresh(): Promise<void> {
    await this.#attempt(async () => this.#items$.next(await this.dependencies.store.list()));
  }

  rename(id: string, name: string): Promise<void> {
    return this.#change(() => this.dependencies.store.rename(id, name));
  }

  delete(id: string): Promise<void> {
    return this.#change(() => this.dependencies.store.delete(id));
  }

  /** Saves a recording as a file. */
  download({ id, name }: RecordingInfo): Promise<void> {
    const { store, save } = this.dependencies;
    return this.#attempt(async () => save(fileName(name, '.jsonl'), await recordingFile(store, id)));
  }

  /** Adds a recording from a file. */
  open(file: File): Promise<void> {
    return this.#change(async () => {
      const { fault } = await importRecording(this.dependencies.store, file, file.name);
      if (fault) this.#warn(fault);
    });
  }

  #change(work: () => Promise<void>): Promise<void> {
    this.dependencies.notices.clearWarning('recording');
    return this.#attempt(async () => {
      await work();
      await this.refresh();
    });
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#warn(messageOf(error));
    }
  }

  #warn(text: string): void {
    this.dependencies.notices.warn(text, 'recording');
  }
}
