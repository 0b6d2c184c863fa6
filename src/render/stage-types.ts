import type { FaceModel } from '../face/face-model';
import type { TrackedFrame } from '../face/types';
import type { AvatarSource } from './avatar/host';
import type { EngineChoice, EngineKind } from './engine/engine';
import type { Filter, FilterEvents } from './filter/host';
import type { StageOptions } from './stage-options';
import type { Box } from './view/view';

/**
 * Draws tracked frames: video, then 3D, then the pixels of what is in front; all from one TrackedFrame. Every change is
 * drawn in the next animation frame, several changes together; a hidden tab draws when it is shown again.
 */
export interface Stage {
  readonly engine: EngineKind;
  /** Resolves with the reason when the graphics device is lost: dispose the stage and create a new one. */
  readonly lost: Promise<string>;
  /** Copies the frame's picture at once and draws it next; the caller still owns the frame and closes it. */
  showFrame(tracked: TrackedFrame): void;
  /** Removes the last frame: the canvas is empty until the next one. */
  clearFrame(): void;
  /** Without a model only the video and the flat overlays are drawn. */
  setModel(model: FaceModel): void;
  setOptions(options: Partial<StageOptions>): void;
  /** Switches to these filters; they need a model. */
  setFilters(filters: readonly Filter[]): void;
  /**
   * Takes this avatar for the look `avatar`, null for none. Resolves with a notice for the user, null for none; rejects
   * with AvatarError, the previous avatar then stays.
   */
  setAvatar(source: AvatarSource | null): Promise<string | null>;
  /** Copies the picture for the backdrop `picture`; the caller still owns it. */
  setBackdropPicture(picture: ImageBitmap): void;
  /** The canvas, and the part of it that the last drawing filled: without the bars around a frame. */
  readonly view: { readonly canvas: HTMLCanvasElement; readonly box: Box };
  /** Whether the last drawing needs wide masks: it has content around the faces (avatars, props), or shows the masks. */
  readonly surroundsFaces: boolean;
  /** Whether the picture is complete: no drawing is requested, and no shader of what is shown still compiles. */
  isReady(): boolean;
  /** Draws in this task and encodes the picture as PNG, transparent where the backdrop is. */
  screenshot(): Promise<Blob>;
  /** Frees everything; a second call does nothing. */
  dispose(): void;
}

export interface StageEvents {
  readonly filters?: FilterEvents;
  /**
   * A frame has just been drawn, for the first time: in this task the canvas can still be read. Frames that another one
   * replaced before the next animation frame are left out. The frame's picture may be closed already.
   */
  onDrawn?(tracked: TrackedFrame): void;
  /** Drawing failed; without a listener the error is thrown in the animation frame. */
  onError?(error: unknown): void;
}

export interface CreateStageOptions extends StageEvents {
  /** Default 'auto': WebGPU where the browser has it, otherwise WebGL. */
  readonly engine?: EngineChoice;
}
