import type { Vrm } from '../vrm-file';

/** Message to check-worker.ts. The bytes are copied. */
export interface CheckRequest {
  readonly bytes: ArrayBuffer;
  readonly name: string;
}

/** The answer of check-worker.ts. */
export type CheckResult = { readonly vrm: Vrm | null } | { readonly message: string };
