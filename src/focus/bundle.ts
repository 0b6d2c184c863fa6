import { AssetError, type AssetErrorCode } from '../assets/asset-error';
import { fetchAsset } from '../assets/fetch-asset';
import { type FaceModel, FaceModelError, parseFaceModel } from '../face/face-model';
import { type LandmarkShift, parseLandmarkShift } from '../face/landmark-shift';
import { checkManifest, type Manifest } from './manifest';

/** A bundle that cannot be loaded or does not match its manifest; the message names the file and the reason. */
export class BundleError extends AssetError {
  override readonly name = 'BundleError';

  constructor(message: string, { code = 'asset-invalid', ...options }: ErrorOptions & { code?: AssetErrorCode } = {}) {
    super(code, message, options);
  }
}

/** A network with its face model; checksums and shapes are verified. */
export interface Bundle {
  readonly manifest: Manifest;
  readonly network: ArrayBuffer;
  readonly faceModel: FaceModel;
  readonly faceModelBytes: ArrayBuffer;
  /** Undefined where the bundle has none. */
  readonly landmarkShift: LandmarkShift | undefined;
}

export interface LoadOptions {
  /** Bytes loaded and in total; `total` is 0 while a server does not report it. */
  onProgress?(loaded: number, total: number): void;
  readonly signal?: AbortSignal;
}

/**
 * Loads manifest.json and the files it names. `location`: a folder's URL, with or without the last slash, or a function
 * that gives the URL of a file.
 * Throws BundleError when a file is missing, its SHA-256 or shape is wrong, or a convention is not supported; an abort
 * rejects with the signal's reason.
 */
export async function loadBundle(location: string | UrlOf, options: LoadOptions = {}): Promise<Bundle> {
  const urlOf = typeof location === 'string' ? inFolder(location) : location;
  const manifest = await loadManifest(urlOf('manifest.json'), options.signal);
  const { network, faceModel, landmarkShift } = manifest.files;
  const names = [network, faceModel, ...(landmarkShift ? [landmarkShift] : [])];
  const progress = createProgress(names.length, options.onProgress);
  const files = await Promise.all(names.map((name, i) => loadFile(urlOf, name, manifest, progress(i), options.signal)));
  const [networkBytes, faceModelBytes, shiftBytes] = files as [ArrayBuffer, ArrayBuffer, ArrayBuffer?];
  return {
    manifest,
    network: networkBytes,
    faceModel: readModel(faceModelBytes, faceModel),
    faceModelBytes,
    landmarkShift: shiftBytes && readShift(shiftBytes, manifest),
  };
}

/** The URL of a file of the bundle. */
type UrlOf = (name: string) => string;

function inFolder(folder: string): UrlOf {
  const base = folder.endsWith('/') ? folder : `${folder}/`;
  return (name) => base + name;
}

function readShift(bytes: ArrayBuffer, { files, landmarkShift }: Manifest): LandmarkShift {
  const name = files.landmarkShift as string;
  if (!landmarkShift) throw new BundleError(`${name}: the manifest has no description of it`);
  try {
    return parseLandmarkShift(bytes, landmarkShift.rank);
  } catch (error) {
    if (error instanceof RangeError) throw new BundleError(`${name}: ${error.message}`, { cause: error });
    throw error;
  }
}

function readModel(bytes: ArrayBuffer, name: string): FaceModel {
  try {
    return parseFaceModel(bytes);
  } catch (error) {
    if (error instanceof FaceModelError) throw new BundleError(`${name}: ${error.message}`, { cause: error });
    throw error;
  }
}

async function loadManifest(url: string, signal?: AbortSignal): Promise<Manifest> {
  const response = await get(url, signal);
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new BundleError(`${url}: not JSON. Does a bundle of this name exist?`);
  }
  const checked = checkManifest(json);
  if ('reason' in checked) throw new BundleError(`${url}: ${checked.reason}`);
  return checked.manifest;
}

type FileProgress = (loaded: number, total: number) => void;

async function loadFile(
  urlOf: UrlOf,
  name: string,
  manifest: Manifest,
  progress: FileProgress,
  signal?: AbortSignal,
): Promise<ArrayBuffer> {
  const expected = manifest.sha256[name];
  if (!expected) throw new BundleError(`${urlOf('manifest.json')}: no sha256 for ${name}`);
  const bytes = await readBody(await get(urlOf(name), signal), progress);
  const found = await sha256(bytes);
  if (found !== expected) throw new BundleError(`${urlOf(name)}: SHA-256 ${found} instead of ${expected}`);
  return bytes;
}

async function get(url: string, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetchAsset(url, signal);
  } catch (error) {
    if (!(error instanceof AssetError)) throw error;
    throw new BundleError(error.message, { code: error.code, cause: error });
  }
}

async function readBody(response: Response, progress: FileProgress): Promise<ArrayBuffer> {
  // The length of an encoded answer is that of the transferred bytes, not of the file.
  const isEncoded = response.headers.has('content-encoding');
  const total = isEncoded ? 0 : Number(response.headers.get('content-length') ?? 0);
  if (!response.body) return response.arrayBuffer();
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    loaded += value.length;
    progress(loaded, total);
  }
  const bytes = new Uint8Array(loaded);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes.buffer;
}

/** Makes a progress function for each file; the caller receives the sums. */
function createProgress(files: number, onProgress: LoadOptions['onProgress']): (file: number) => FileProgress {
  const loaded = new Array<number>(files).fill(0);
  const totals = new Array<number>(files).fill(0);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  return (file) => (now, total) => {
    loaded[file] = now;
    totals[file] = total;
    onProgress?.(sum(loaded), totals.includes(0) ? 0 : Math.max(sum(totals), sum(loaded)));
  };
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
