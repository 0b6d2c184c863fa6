import { defer, EMPTY, type Observable, switchMap } from 'rxjs';
import { camera } from '../../capture/camera';
import { PlaybackControl } from '../../capture/playback-control';
import { SAMPLE_NAME, sampleClipUrl } from '../../capture/sample-clip';
import { controlledVideo } from '../../capture/video-file';
import type { Frame } from '../../face/types';
import { RESOLUTIONS, type Resolution } from '../settings/settings';
import { pausedOrHidden } from './paused-or-hidden';

/** The kind of a source. A still picture is tracked once, the others continuously. */
export type SourceKind = 'sample' | 'cam' | 'video' | 'picture';

export interface Source {
  readonly kind: SourceKind;
  readonly name: string;
  readonly frames$: Observable<Frame>;
  /** Reads the video's file, which recordings take the sound from. */
  readonly media?: () => Promise<Blob>;
  /** Position, range and speed of a video. */
  readonly control?: PlaybackControl;
}

export function sampleSource(paused$: Observable<boolean>): Source {
  const control = new PlaybackControl();
  const options = { loop: true, name: SAMPLE_NAME, paused$: pausedOrHidden(paused$) };
  return {
    kind: 'sample',
    name: 'Sample clip',
    frames$: defer(() => controlledVideo(sampleClipUrl(), options, control)),
    media: async () => (await fetch(sampleClipUrl())).blob(),
    control,
  };
}

export interface CameraRequest {
  readonly deviceId: string;
  readonly resolution: Resolution;
  readonly cameraInBackground: boolean;
}

/** The camera. It is off while the page is paused, and while the tab is hidden unless `cameraInBackground` is set. */
export function cameraSource(
  { deviceId, resolution, cameraInBackground }: CameraRequest,
  paused$: Observable<boolean>,
  open: typeof camera = camera,
): Source {
  const [width, height] = RESOLUTIONS[resolution];
  const frames$ = open({ ...(deviceId ? { deviceId } : {}), width, height, background: cameraInBackground });
  const off$ = cameraInBackground ? paused$ : pausedOrHidden(paused$);
  return {
    kind: 'cam',
    name: 'Webcam',
    frames$: off$.pipe(switchMap((off) => (off ? EMPTY : frames$))),
  };
}
