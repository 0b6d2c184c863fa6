/** One version of the site: the SHA-256 of each file, in base64, by its name below the folder of the site. */
export interface Version {
  readonly id: string;
  /** Stored before the version is used. */
  readonly files: Readonly<Record<string, string>>;
  /** Stored when they are first used: large files that most visits do not need. */
  readonly optional: Readonly<Record<string, string>>;
  /** Headers of all pages and scripts, which a simple host may not send. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The hash of a file of the version; undefined for other addresses. `base`: the site's folder, with a slash at the end. */
export function hashOf({ files, optional }: Version, base: string, url: string): string | undefined {
  const name = nameOf(base, url);
  if (name === undefined) return undefined;
  if (Object.hasOwn(files, name)) return files[name];
  return Object.hasOwn(optional, name) ? optional[name] : undefined;
}

/** The name of a file below the base; a folder is its index.html. Undefined for addresses outside. */
export function nameOf(base: string, url: string): string | undefined {
  const { origin, pathname } = new URL(url);
  const path = origin + pathname;
  if (!path.startsWith(base)) return undefined;
  const name = decode(path.slice(base.length));
  return name === '' || name?.endsWith('/') ? `${name}index.html` : name;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
