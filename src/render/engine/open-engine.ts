import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';

export type EngineChoice = 'auto' | 'webgpu' | 'webgl';
export type EngineKind = 'webgpu' | 'webgl2';

export interface OpenEngine {
  readonly engine: AbstractEngine;
  readonly kind: EngineKind;
  /** Resolves with the reason when the graphics device is lost; never after a disposal. */
  readonly lost: Promise<string>;
}

/** No graphics engine could be opened. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}
