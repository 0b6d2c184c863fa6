import { AssetError } from './asset-error';

/** The smallest module: its magic number and version. */
const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** Throws AssetError wasm-blocked where the content security policy does not allow WebAssembly. */
export function checkWasm(): void {
  try {
    new WebAssembly.Module(EMPTY_MODULE);
  } catch (cause) {
    const message =
      "The page's content security policy blocks WebAssembly. Add 'wasm-unsafe-eval' to script-src, in the headers of the page and of the worker's script.";
    throw new AssetError('wasm-blocked', message, { cause });
  }
}
