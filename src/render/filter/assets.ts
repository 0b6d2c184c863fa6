import type { AssetContainer } from '@babylonjs/core/assetContainer';
import { Texture } from '@babylonjs/core/Materials/Textures/texture';
import type { Scene } from '@babylonjs/core/scene';
import type { AssetList } from './definition';

/** Size limit of an asset file. */
const MOST_BYTES = 64 * 1024 * 1024;

/** A file of a filter could not be loaded. The message names the file and the reason. */
export class FilterAssetError extends Error {
  override readonly name = 'FilterAssetError';
}

type Read = (bytes: Blob, scene: Scene, name: string) => Promise<Texture | AssetContainer | unknown>;

const READERS: Readonly<Record<string, Read>> = {
  png: readTexture,
  jpg: readTexture,
  jpeg: readTexture,
  webp: readTexture,
  glb: readModel,
  gltf: readModel,
  json: async (bytes) => JSON.parse(await bytes.text()) as unknown,
};

/**
 * Loads a filter's files into its scene, in parallel. `onBytes` reports the sum over all files; `total` is 0 while a
 * size is unknown. Throws FilterAssetError; an abort rejects with its own reason.
 */
export async function loadAssets(
  assets: AssetList,
  scene: Scene,
  signal: AbortSignal,
  onBytes: (loaded: number, total: number) => void,
): Promise<Record<string, unknown>> {
  const sizes = Object.values(assets).map(() => ({ loaded: 0, total: 0 }));
  const report = () => {
    const total = sizes.every((size) => size.total > 0) ? sizes.reduce((sum, size) => sum + size.total, 0) : 0;
    onBytes(
      sizes.reduce((sum, size) => sum + size.loaded, 0),
      total,
    );
  };
  const loaded = await Promise.all(
    Object.entries(assets).map(async ([name, file], i) => {
      const size = sizes[i] ?? { loaded: 0, total: 0 };
      return [name, await loadAsset(name, file, scene, signal, size, report)] as const;
    }),
  );
  return Object.fromEntries(loaded);
}

async function loadAsset(
  name: string,
  file: string,
  scene: Scene,
  signal: AbortSignal,
  size: { loaded: number; total: number },
  report: () => void,
): Promise<unknown> {
  const ending = /\.(\w+)(?:[?#].*)?$/.exec(file)?.[1]?.toLowerCase() ?? '';
  const read = READERS[ending];
  if (!read) throw new FilterAssetError(`asset “${name}” (${file}) must end in .${Object.keys(READERS).join(', .')}`);
  try {
    const bytes = await fetchBytes(file, signal, size, report);
    signal.throwIfAborted();
    return await read(bytes, scene, file);
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new FilterAssetError(`asset “${name}” (${file}) could not be loaded: ${reason}`);
  }
}

async function fetchBytes(
  file: string,
  signal: AbortSignal,
  size: { loaded: number; total: number },
  report: () => void,
): Promise<Blob> {
  const response = await fetch(new URL(file, document.baseURI), { signal });
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  // A server of single-page apps answers a missing file with its HTML page.
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('text/html')) throw new Error('the file does not exist');
  size.total = Number(response.headers.get('content-length') ?? 0);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size.loaded += part.value.length;
    if (Math.max(size.loaded, size.total) > MOST_BYTES) {
      await reader?.cancel();
      throw new Error(`it is larger than ${MOST_BYTES / 1024 / 1024} MB`);
    }
    parts.push(part.value);
    report();
  }
  return new Blob(parts, { type });
}

function readTexture(bytes: Blob, scene: Scene, name: string): Promise<Texture> {
  return new Promise((resolve, reject) => {
    const url = URL.createObjectURL(bytes);
    const done = () => URL.revokeObjectURL(url);
    const texture: Texture = new Texture(url, scene, {
      onLoad: () => {
        done();
        resolve(texture);
      },
      onError: (message) => {
        done();
        reject(new Error(message || 'it is not an image'));
      },
    });
    texture.name = name;
  });
}

async function readModel(bytes: Blob, scene: Scene, name: string): Promise<AssetContainer> {
  const [{ LoadAssetContainerAsync }] = await Promise.all([
    import('@babylonjs/core/Loading/sceneLoader'),
    import('@babylonjs/loaders/glTF/2.0'),
  ]);
  // The parts of a .gltf file lie beside it and are found by its address.
  if (name.endsWith('.gltf')) return LoadAssetContainerAsync(new URL(name, document.baseURI).href, scene);
  const file = new File([bytes], name.replace(/^.*\//, ''));
  return LoadAssetContainerAsync(file, scene);
}
