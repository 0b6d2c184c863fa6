import { AvatarError } from '../../render/avatar/avatar-error';
import { MOST_BYTES } from '../../render/avatar/limits';
import type { PageState } from '../session/page-state';
import type { SettingsStore } from '../settings/settings-store';
import type { Notices } from '../ui/notices';
import type { StageKeeper } from './stage-keeper';

/** The page's own avatar. */
const CHARACTER = { file: 'avatars/character.glb', name: 'Character' } as const;

export interface AvatarsParts {
  readonly store: SettingsStore;
  readonly stage: Pick<StageKeeper, 'setAvatar' | 'setPicture'>;
  readonly notices: Pick<Notices, 'complain'>;
  readonly state: Pick<PageState, 'avatar'>;
  /** Told the name of the avatar that is there, or that is coming. */
  readonly onAvatar: (name: string, loading: boolean) => void;
}

/** Whether a file is to be opened as an avatar. */
export function isAvatarFile({ name, type }: Pick<File, 'name' | 'type'>): boolean {
  return /\.(glb|vrm|gltf)$/i.test(name) || type.startsWith('model/gltf');
}

/** Opens avatars for the stage: the page's own when the look asks for one, and files; those are kept while the page lives. */
export class Avatars {
  readonly #parts: AvatarsParts;
  #shown = '';
  #coming = '';

  constructor(parts: AvatarsParts) {
    this.#parts = parts;
    parts.store.pick$('look').subscribe(({ look }) => {
      if (look === 'avatar' && this.#shown === '' && this.#coming === '') void this.openCharacter();
    });
  }

  openCharacter(): Promise<void> {
    return this.#open(CHARACTER.name, async () => {
      const answer = await fetch(CHARACTER.file);
      if (!answer.ok)
        throw new AvatarError(`${CHARACTER.file} is not there (${answer.status}). Open a GLB or VRM file.`);
      return answer.arrayBuffer();
    });
  }

  /** A file that is no avatar is told in words; the avatar before stays. */
  openFile(file: File): Promise<void> {
    return this.#open(file.name, () => {
      if (/\.gltf$/i.test(file.name)) {
        throw new AvatarError(`${file.name} has its parts in other files. Export it as binary glTF (.glb).`);
      }
      if (file.size > MOST_BYTES) throw new AvatarError(`${file.name} is too large: 100 MB at most.`);
      return file.arrayBuffer();
    });
  }

  /** A picture for behind a studio's head. */
  async openPicture(file: File): Promise<void> {
    const { stage, store, notices } = this.#parts;
    try {
      stage.setPicture(await createImageBitmap(file));
      store.set({ backdrop: 'picture', place: 'studio' });
    } catch {
      notices.complain(`${file.name} cannot be read as a picture. Use JPEG, PNG or WebP.`);
    }
  }

  async #open(name: string, read: () => Promise<ArrayBuffer>): Promise<void> {
    const { stage, store, notices, state } = this.#parts;
    const mine = { name };
    this.#coming = name;
    this.#tell(name, true);
    try {
      const bytes = await read();
      if (this.#coming !== mine.name) return;
      const notice = await stage.setAvatar({ name, bytes });
      if (this.#coming !== mine.name) return;
      this.#shown = name;
      if (notice) notices.complain(notice);
      store.set({ look: 'avatar' });
    } catch (error) {
      notices.complain(error instanceof Error ? error.message : String(error));
    } finally {
      if (this.#coming === mine.name) {
        this.#coming = '';
        this.#tell(this.#shown, false);
        state.avatar(this.#shown);
      }
    }
  }

  #tell(name: string, loading: boolean): void {
    this.#parts.onAvatar(name, loading);
    if (loading) this.#parts.state.avatar('');
  }
}
