/** asset-unreachable: the server does not send it; asset-invalid: it is not the expected file; wasm-blocked: see there. */
export type AssetErrorCode = 'asset-unreachable' | 'asset-invalid' | 'wasm-blocked';

/** A file of the tracker cannot be used. The message names its address and the reason. */
export class AssetError extends Error {
  override readonly name: string = 'AssetError';
  readonly code: AssetErrorCode;

  constructor(code: AssetErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
