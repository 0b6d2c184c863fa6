import type { Fit } from './view/view';

export const LOOKS = ['face', 'wireframe', 'avatar', 'none'] as const;
/** How a tracked face is drawn: in its own colour and light, as a wireframe, as an avatar, or not at all. */
export type Look = (typeof LOOKS)[number];

export const OVERLAYS = ['mask', 'crop', 'points', 'axes'] as const;
export type Overlay = (typeof OVERLAYS)[number];

export const PLACES = ['over', 'studio'] as const;
/** over: on the face in the video; studio: one head in the middle of the canvas, without the video. */
export type StagePlace = (typeof PLACES)[number];

/** Background of a studio: a colour as #rrggbb, nothing, the blurred video, or a picture. */
export type Backdrop = `#${string}` | 'transparent' | 'blur' | 'picture';

export interface StageOptions {
  readonly look: Look;
  /** Things in front of a face stay in front of what is drawn on it. */
  readonly occlusion: boolean;
  readonly overlays: Readonly<Record<Overlay, boolean>>;
  readonly mirror: boolean;
  readonly fit: Fit;
  /** Strength of the estimated light on props and avatars: 0 a neutral studio, 1 as estimated, up to 1.5. */
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

/** Whether the blurred video is in the picture. */
export function blursBackground({ place, backdrop }: Pick<StageOptions, 'place' | 'backdrop'>): boolean {
  return place === 'studio' && backdrop === 'blur';
}
