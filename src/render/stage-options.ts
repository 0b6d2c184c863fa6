import type { Fit } from './view/view';

export const LOOKS = ['face', 'wireframe', 'avatar', 'none'] as const;
/** How a tracked face is drawn: its own colour and light, a net of lines, as an avatar, or not at all. */
export type Look = (typeof LOOKS)[number];

export const OVERLAYS = ['mask', 'crop', 'points', 'axes'] as const;
export type Overlay = (typeof OVERLAYS)[number];

export const PLACES = ['over', 'studio'] as const;
/** Over the video where the face is, or by itself in the middle of a picture of its own. */
export type StagePlace = (typeof PLACES)[number];

/** What is behind a studio's head: a colour as #rrggbb, nothing, the video blurred, or a picture. */
export type Backdrop = `#${string}` | 'transparent' | 'blur' | 'picture';

export interface StageOptions {
  readonly look: Look;
  /** What is in front of a face stays in front of what is drawn. */
  readonly occlusion: boolean;
  readonly overlays: Readonly<Record<Overlay, boolean>>;
  readonly mirror: boolean;
  readonly fit: Fit;
  /** How much of the estimated light falls on props and avatars: 0 a neutral studio, 1 as estimated, up to 1.5. */
  readonly light: number;
  readonly place: StagePlace;
  readonly backdrop: Backdrop;
}

export const DEFAULT_STAGE_OPTIONS: StageOptions = {
  look: 'face',
  occlusion: true,
  overlays: { mask: false, crop: false, points: false, axes: false },
  mirror: false,
  fit: 'contain',
  light: 1,
  place: 'over',
  backdrop: '#2a3350',
};
