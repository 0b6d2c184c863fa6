import { hashOf, type Version } from './version';

/** The cache that holds the files of the stored versions of a site, by their hash. `base`: the site's folder. */
export const cacheName = (base: string) => `peekaboo ${base}`;

/** Where the service worker puts a file that another app has shared, until the page takes it. */
export const sharedFileKey = (base: string) => `${base}__stored/shared`;

/** Header of a shared file with its name, encoded as in a URL. */
export const FILE_NAME = 'x-file-name';

/** Address to which the system posts shared files, below the base. */
export const SHARE_TARGET = 'share';

/** Files that are requested at the same time while a version is stored. */
const AT_ONCE = 4;

/** The files of versions in a cache; a file that two versions share is stored once. */
export interface FileStore {
  /** Stores all files of a version that are not there yet. Rejects where one cannot be loaded or differs. */
  storeAll(version: Version): Promise<void>;
  /**
   * A file of the version, from the cache; else it is requested and stored. Rejects where that fails. Undefined for an
   * address that is no file of the version.
   */
  read(version: Version, url: string): Promise<Response> | undefined;
  /** Removes the files that belong to none of the versions. */
  keepOnly(versions: readonly Version[]): Promise<void>;
}

export interface FileStoreParts {
  /** The folder of the site, absolute, with a slash at the end. */
  readonly base: string;
  readonly cache: Pick<Cache, 'match' | 'put' | 'keys' | 'delete'>;
  readonly request: (url: string, options: RequestInit) => Promise<Response>;
}

export function createFileStore({ base, cache, request }: FileStoreParts): FileStore {
  const keyOf = (hash: string) => `${base}__stored/${encodeURIComponent(hash)}`;

  const store = async (url: string, hash: string): Promise<void> => {
    // The browser compares the hash. A file that the page has just loaded is not transferred again.
    const response = await request(url, { integrity: `sha256-${hash}`, cache: 'no-cache', credentials: 'same-origin' });
    if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
    await cache.put(keyOf(hash), await decoded(response));
  };

  const storeMissing = async (name: string, hash: string): Promise<void> => {
    if (!(await cache.match(keyOf(hash)))) await store(new URL(encodeURI(name), base).href, hash);
  };

  const readOrStore = async (url: string, hash: string): Promise<Response> => {
    const found = await cache.match(keyOf(hash));
    if (found) return found;
    await store(url, hash);
    const stored = await cache.match(keyOf(hash));
    if (!stored) throw new Error(`${url}: the browser did not store it`);
    return stored;
  };

  return {
    async storeAll({ files }) {
      const waiting = Object.entries(files);
      const next = async () => {
        for (let entry = waiting.shift(); entry; entry = waiting.shift()) await storeMissing(...entry);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, next));
    },
    read(version, url) {
      const hash = hashOf(version, base, url);
      return hash === undefined ? undefined : readOrStore(url, hash);
    },
    async keepOnly(versions) {
      const hashes = versions.flatMap(({ files, optional }) => [...Object.values(files), ...Object.values(optional)]);
      const kept = new Set(hashes.map(keyOf));
      for (const { url } of await cache.keys()) {
        if (url.startsWith(`${base}__stored/`) && !kept.has(url)) await cache.delete(url);
      }
    },
  };
}

/** The answer as it is stored: its body is decoded, so the headers about the encoding do not hold any longer. */
async function decoded(response: Response): Promise<Response> {
  const headers = new Headers(response.headers);
  const body = await response.blob();
  headers.delete('content-encoding');
  headers.set('content-length', String(body.size));
  return new Response(body, { status: 200, headers });
}
