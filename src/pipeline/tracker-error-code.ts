import type { AssetErrorCode } from '../assets/asset-error';

/**
 * What failed. An asset that the server does not send, that is not the expected file, or that the content security policy
 * blocks; a browser without the needed features; the worker's script; the start; a worker that stopped; the graphics device;
 * a single frame; a tracker that is closed.
 */
export type TrackerErrorCode =
  | AssetErrorCode
  | 'unsupported'
  | 'worker-blocked'
  | 'start-failed'
  | 'worker-stopped'
  | 'device-lost'
  | 'frame-failed'
  | 'closed';
