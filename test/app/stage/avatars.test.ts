import { afterEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/app/settings/settings';
import { SettingsStore } from '../../../src/app/settings/settings-store';
import { type AvatarStatus, Avatars } from '../../../src/app/stage/avatars';

afterEach(() => vi.unstubAllGlobals());

/** A promise and its resolve function. */
function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** A file whose reading the test completes. */
function heldFile(name: string) {
  const reading = deferred<ArrayBuffer>();
  const file = { name, size: 8, type: '', arrayBuffer: () => reading.promise } as unknown as File;
  return { file, reading };
}

function setUp() {
  const store = new SettingsStore(DEFAULT_SETTINGS);
  const loaded: ArrayBuffer[] = [];
  const pictures: unknown[] = [];
  const warnings: string[] = [];
  const published: string[] = [];
  const statuses: AvatarStatus[] = [];
  const avatars = new Avatars({
    store,
    stage: {
      setAvatar: async (source) => {
        if (source) loaded.push(source.bytes);
        return null;
      },
      setBackdropPicture: (picture) => void pictures.push(picture),
    },
    notices: {
      warn: (text) => {
        warnings.push(text);
        return () => {};
      },
      clearWarning: () => {},
    },
    state: { avatar: (name) => void published.push(name) },
  });
  avatars.status$.subscribe((status) => statuses.push(status));
  return { store, avatars, loaded, pictures, warnings, published, statuses };
}

describe('Avatars', () => {
  it('AV16: of two files of the same name, the one requested last is shown', async () => {
    const { avatars, loaded, statuses, published } = setUp();
    const [first, second] = [heldFile('hero.glb'), heldFile('hero.glb')];
    const bytes = new ArrayBuffer(2);
    const openings = [avatars.openFile(first.file), avatars.openFile(second.file)];
    first.reading.resolve(new ArrayBuffer(1));
    await openings[0];
    expect(loaded).toEqual([]);
    expect(statuses.at(-1)).toEqual({ name: 'hero.glb', loading: true });
    second.reading.resolve(bytes);
    await openings[1];
    expect(loaded).toEqual([bytes]);
    expect(loaded[0]).toBe(bytes);
    expect(statuses.at(-1)).toEqual({ name: 'hero.glb', loading: false });
    expect(published.at(-1)).toBe('hero.glb');
  });

  it('AV16: a file that finishes after a later request is not shown', async () => {
    const { avatars, loaded, statuses } = setUp();
    const [slow, fast] = [heldFile('slow.glb'), heldFile('fast.vrm')];
    const openings = [avatars.openFile(slow.file), avatars.openFile(fast.file)];
    fast.reading.resolve(new ArrayBuffer(2));
    await openings[1];
    slow.reading.resolve(new ArrayBuffer(1));
    await openings[0];
    expect(loaded.map(({ byteLength }) => byteLength)).toEqual([2]);
    expect(statuses.at(-1)).toEqual({ name: 'fast.vrm', loading: false });
  });

  it('AV15: a file that cannot be used is named in a warning, and the previous avatar stays', async () => {
    const { store, avatars, loaded, warnings, statuses } = setUp();
    const good = heldFile('good.glb');
    good.reading.resolve(new ArrayBuffer(1));
    await avatars.openFile(good.file);
    expect(store.now.look).toBe('avatar');
    await avatars.openFile({ name: 'parts.gltf', size: 8, type: '' } as File);
    await avatars.openFile({ name: 'big.glb', size: 2 ** 30, type: '' } as File);
    expect(warnings).toEqual([
      'parts.gltf keeps its data in other files. Export it as binary glTF (.glb).',
      'big.glb is larger than 100 MB, the limit for avatars. Open a smaller file.',
    ]);
    expect(loaded).toHaveLength(1);
    expect(statuses.at(-1)).toEqual({ name: 'good.glb', loading: false });
  });

  it('AV16: of two background pictures, the one requested last is shown and the other is closed', async () => {
    const { store, avatars, pictures } = setUp();
    const decodings = [deferred<unknown>(), deferred<unknown>()];
    let calls = 0;
    vi.stubGlobal('createImageBitmap', () => decodings[calls++]?.promise);
    const [first, second] = [{ close: vi.fn() }, { close: vi.fn() }];
    const openings = ['a.png', 'b.png'].map((name) => avatars.openPicture({ name } as File));
    decodings[1]?.resolve(second);
    await openings[1];
    decodings[0]?.resolve(first);
    await openings[0];
    expect(pictures).toEqual([second]);
    expect(first.close).toHaveBeenCalledOnce();
    expect(second.close).not.toHaveBeenCalled();
    expect(store.now).toMatchObject({ backdrop: 'picture', place: 'studio' });
  });
});
