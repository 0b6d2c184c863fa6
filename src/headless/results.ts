import type { FaceModel } from '../face/face-model';
import type { Frame, TrackedFrame } from '../face/types';
import { frameLine, type LineOptions } from '../recording/frame-line';
import { createAlbedoTexture, TEXTURE_SIZE } from './albedo-texture';
import { base64 } from './base64';
import { createFrameCanvas } from './frame-canvas';
import { greyPng } from './grey-png';
import { createNeutralMesh, type NeutralMesh } from './neutral-mesh';
import { occluderInFrame } from './occluder-in-frame';
import { createOverlay } from './overlay';
import { type Picture, sharpenOccluder } from './sharpen-occluder';

/** What to write: the lines of frames.jsonl and other files. */
export interface ResultOptions extends LineOptions {
  readonly masks: boolean;
  readonly meshes: boolean;
  readonly overlay: boolean;
}

/**
 * The results of one frame. `mask` and `texture` are PNG and `overlay` is JPEG, as base64. `mesh` and its `texture` are
 * undefined without a face.
 */
export interface FrameResult {
  readonly line: string;
  readonly time: number;
  readonly faces: number;
  readonly mask?: string;
  readonly mesh?: NeutralMesh;
  readonly texture?: string;
  readonly overlay?: string;
}

/** Returns a function that makes the results of tracked frames. The caller still owns the frame. */
export function createResults(
  model: FaceModel,
  options: ResultOptions,
): (tracked: TrackedFrame, file: string) => Promise<FrameResult> {
  const neutralMesh = options.meshes ? createNeutralMesh(model) : undefined;
  const drawAlbedo = options.meshes ? createAlbedoTexture(model) : undefined;
  const drawOverlay = options.overlay ? createOverlay(model) : undefined;
  const draw = createFrameCanvas();
  const pictureOf = (frame: Frame) => draw(frame).picture;
  return async (tracked, file) => {
    const { frame, faces } = tracked;
    const occluder = options.masks || options.overlay ? unionMask(tracked, pictureOf) : undefined;
    const first = faces[0];
    return {
      line: frameLine(tracked, file, options),
      time: frame.time,
      faces: faces.length,
      ...(occluder && options.masks ? { mask: await base64(await greyPng(occluder, frame.width, frame.height)) } : {}),
      ...(neutralMesh && first ? { mesh: neutralMesh(first.coefficients.identity) } : {}),
      ...(drawAlbedo && first
        ? { texture: await base64(await texturePng(drawAlbedo(first.coefficients.albedo))) }
        : {}),
      ...(occluder && drawOverlay ? { overlay: await base64(await drawOverlay(tracked, occluder)) } : {}),
    };
  };
}

/**
 * The probability × 255 that an occluder covers a tracked face, in frame size and with edges sharpened by the picture.
 * 0 everywhere without a face.
 */
function unionMask({ frame, faces }: TrackedFrame, pictureOf: (frame: Frame) => Picture): Uint8Array {
  const union = new Uint8Array(frame.width * frame.height);
  const seen = faces.filter(({ state }) => state !== 'held');
  if (seen.length === 0) return union;
  const picture = pictureOf(frame);
  for (const { mask, crop } of seen) {
    occluderInFrame(sharpenOccluder(mask, crop, picture), crop, frame.width, frame.height, union);
  }
  return union;
}

async function texturePng(rgba: Uint8ClampedArray<ArrayBuffer>): Promise<Blob> {
  const canvas = new OffscreenCanvas(TEXTURE_SIZE, TEXTURE_SIZE);
  canvas.getContext('2d')?.putImageData(new ImageData(rgba, TEXTURE_SIZE), 0, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}
