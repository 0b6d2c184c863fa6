/**
 * Entry point `peekaboo-face/babylon`: draws tracked frames, filters and avatars with Babylon.js, which the app installs
 * (`@babylonjs/core`, and `@babylonjs/loaders` for avatars).
 */
export { AvatarError } from '../render/avatar/avatar-error';
export type { AvatarSource } from '../render/avatar/host';
export type { EngineChoice, EngineKind } from '../render/engine/engine';
export type { FilterEvents } from '../render/filter/host';
export * from '../render/filter-api';
export { type CreateStageOptions, createStage, EngineError, type Stage, type StageEvents } from '../render/stage';
export {
  type Backdrop,
  DEFAULT_STAGE_OPTIONS,
  LOOKS,
  type Look,
  OVERLAYS,
  type Overlay,
  PLACES,
  type StageOptions,
  type StagePlace,
} from '../render/stage-options';
export { beard, glasses, halfMask, hat, lens, makeup, paint, relight } from './filters';
