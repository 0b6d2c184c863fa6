import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';

export type EngineChoice = 'auto' | 'webgpu' | 'webgl';
export type EngineKind = 'webgpu' | 'webgl2';

export interface OpenEngine {
  readonly engine: AbstractEngine;
  readonly kind: EngineKind;
  /** Resolves with the reason when the graphics device is gone; never when it was disposed. */
  readonly lost: Promise<string>;
}

/** No engine could be opened on this machine. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}
