import type { Fit } from './view';

export const LOOKS = ['face', 'wireframe', 'none'] as const;
/** How a tracked face is drawn: its own colour and light, a net of lines, or not at all. */
export type Look = (typeof LOOKS)[number];

export const OVERLAYS = ['mask', 'crop', 'points', 'axes'] as const;
export type Overlay = (typeof OVERLAYS)[number];

export interface StageOptions {
  readonly look: Look;
  /** What is in front of a face stays in front of what is drawn. */
  readonly occlusion: boolean;
  readonly overlays: Readonly<Record<Overlay, boolean>>;
  readonly mirror: boolean;
  readonly fit: Fit;
}

export const DEFAULT_STAGE_OPTIONS: StageOptions = {
  look: 'face',
  occlusion: true,
  overlays: { mask: false, crop: false, points: false, axes: false },
  mirror: false,
  fit: 'contain',
};
