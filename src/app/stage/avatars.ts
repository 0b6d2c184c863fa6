import { BehaviorSubject, type Observable } from 'rxjs';
import { AvatarError } from '../../render/avatar/avatar-error';
import { MOST_BYTES } from '../../render/avatar/file/limits';
import type { PageState } from '../session/page-state';
import type { NoticeReports } from '../session/reports';
import type { SettingsStore } from '../settings/settings-store';
import { messageOf } from './message-of';
import type { StageKeeper } from './stage-keeper';

/** The built-in avatar. */
const CHARACTER = { file: 'avatars/character.glb', name: 'Character' } as const;

export interface AvatarsDependencies {
  readonly store: SettingsStore;
  readonly stage: Pick<StageKeeper, 'setAvatar' | 'setBackdropPicture'>;
  readonly notices: Pick<NoticeReports, 'warn' | 'clearWarning'>;
  readonly state: Pick<PageState, 'avatar'>;
}

/** The avatar that is shown, or that is loading; an empty name where there is none. */
export interface AvatarStatus {
  readonly name: string;
  readonly loading: boolean;
}

/**
 * Loads avatars onto the stage: the built-in one when the setting `look` asks for an avatar, and files. The latest
 * request wins.
 */
export class Avatars {
  readonly #dependencies: AvatarsDependencies;
  readonly #status$ = new BehaviorSubject<AvatarStatus>({ name: '', loading: false });
  readonly status$: Observable<AvatarStatus> = this.#status$;
  #shown = '';
  #file: Blob | undefined;
  /** A token of the latest request while it loads. Requests for files of the same name differ by it. */
  #latest: symbol | undefined;
  #latestPicture: symbol | undefined;

  constructor(dependencies: AvatarsDependencies) {
    this.#dependencies = dependencies;
    dependencies.store.pick$('look').subscribe(({ look }) => {
      if (look === 'avatar' && this.#shown === '' && !this.#latest) void this.openCharacter();
    });
  }

  /** The file of the avatar that is shown; undefined where there is none. */
  get file(): Blob | undefined {
    return this.#file;
  }

  openCharacter(): Promise<void> {
    return this.#open(CHARACTER.name, async () => {
      const response = await fetch(CHARACTER.file);
      if (response.ok) return response.arrayBuffer();
      throw new AvatarError(`${CHARACTER.file} cannot be loaded (HTTP ${response.status}). Open a GLB or VRM file.`);
    });
  }

  /** Shows a warning where the file is not a usable avatar; the previous avatar stays. */
  openFile(file: File): Promise<void> {
    return this.#open(file.name, () => {
      if (/\.gltf$/i.test(file.name)) {
        throw new AvatarError(`${file.name} keeps its data in other files. Export it as binary glTF (.glb).`);
      }
      if (file.size > MOST_BYTES) {
        throw new AvatarError(`${file.name} is larger than 100 MB, the limit for avatars. Open a smaller file.`);
      }
      return file.arrayBuffer();
    });
  }

  /** Shows a picture behind the head, in the studio. */
  async openPicture(file: File): Promise<void> {
    const { stage, store, notices } = this.#dependencies;
    const request = Symbol(file.name);
    this.#latestPicture = request;
    notices.clearWarning('backdrop');
    try {
      const picture = await createImageBitmap(file);
      if (this.#latestPicture !== request) {
        picture.close();
        return;
      }
      stage.setBackdropPicture(picture);
      store.set({ backdrop: 'picture', place: 'studio' });
    } catch {
      notices.warn(`${file.name} cannot be read as a picture. Open a JPEG, PNG or WebP file.`, 'backdrop');
    }
  }

  async #open(name: string, read: () => Promise<ArrayBuffer>): Promise<void> {
    const { stage, store, notices, state } = this.#dependencies;
    const request = Symbol(name);
    this.#latest = request;
    const isLatest = () => this.#latest === request;
    notices.clearWarning('avatar');
    state.avatar('');
    this.#status$.next({ name, loading: true });
    try {
      const bytes = await read();
      if (!isLatest()) return;
      // A copy: the stage may take over the bytes.
      const file = new Blob([bytes]);
      const notice = await stage.setAvatar({ name, bytes });
      if (!isLatest()) return;
      this.#shown = name;
      this.#file = file;
      if (notice) notices.warn(notice, 'avatar');
      store.set({ look: 'avatar' });
    } catch (error) {
      notices.warn(messageOf(error), 'avatar');
    } finally {
      if (isLatest()) {
        this.#latest = undefined;
        state.avatar(this.#shown);
        this.#status$.next({ name: this.#shown, loading: false });
      }
    }
  }
}
