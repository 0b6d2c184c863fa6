/** Addresses of the files that the tracker loads: weights, detectors and WebAssembly. Plain data. */
export interface AssetUrls {
  /** Absolute URL of the folder, with a slash at the end. */
  readonly folder: string;
  /** URLs of files that are not at their place in the folder, absolute or relative to it, by their name below it. */
  readonly files: Readonly<Record<string, string>>;
}

/** The address of a file. `name`: below the folder, for example `wasm/ort.wasm`, or an absolute URL, which is returned. */
export function assetUrl({ folder, files }: AssetUrls, name: string): string {
  return new URL((Object.hasOwn(files, name) && files[name]) || name, folder).href;
}
