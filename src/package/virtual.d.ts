/** Made by the build of the package from the files of its assets folder. */
declare module 'virtual:assets' {
  /** URLs, absolute or relative to the page, of the files by their name below the assets folder. */
  export function ASSET_FILES(): Readonly<Record<string, string>>;
  /** Name of the bundle in the assets folder. */
  export const DEFAULT_BUNDLE: string;
}

/** The same for the pictures of filters. */
declare module 'virtual:filters' {
  /** URLs by the pictures' path below `public/`. */
  export function FILTER_FILES(): Readonly<Record<string, string>>;
}
