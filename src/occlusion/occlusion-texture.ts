import type { TrackedFrame } from '../face/types';
import { occlusionMask } from './occlusion-mask';

/** The members of WebGPU's GPUDevice and GPUTexture that are used. */
export interface DeviceLike<Texture extends TextureLike> {
  createTexture(descriptor: { size: [number, number]; format: 'rgba8unorm'; usage: number }): Texture;
  readonly queue: {
    copyExternalImageToTexture(
      source: { source: OffscreenCanvas },
      destination: { texture: Texture },
      size: [number, number],
    ): void;
  };
}

export interface TextureLike {
  readonly width: number;
  readonly height: number;
  destroy(): void;
}

/** Pixels along the longer side of the texture: finer than the network's mask, coarser than the frame. */
const LONGER_SIDE = 512;
/** GPUTextureUsage: COPY_DST, TEXTURE_BINDING and RENDER_ATTACHMENT, which the copy requires. */
const USAGE = 0x02 | 0x04 | 0x10;

/** One scratch canvas for each context or device. */
const canvases = new WeakMap<object, OffscreenCanvas>();

/**
 * A texture of the frame's shape whose alpha is 1 where an object is in front of a face, else 0; its first row is the top
 * of the frame. Draw `mix(effect, frame, alpha)` to keep objects in front of the effect. Pass the texture of the last call
 * to write into it. The caller destroys the texture. The state of a WebGL context stays as it is. The mask is that of the
 * network, interpolated; `peekaboo-face/babylon` sharpens its edges with the picture.
 */
export function occlusionTexture(gl: WebGL2RenderingContext, result: TrackedFrame, last?: WebGLTexture): WebGLTexture;
export function occlusionTexture<Texture extends TextureLike>(
  device: DeviceLike<Texture>,
  result: TrackedFrame,
  last?: Texture,
): Texture;
export function occlusionTexture(
  target: WebGL2RenderingContext | DeviceLike<TextureLike>,
  result: TrackedFrame,
  last?: WebGLTexture | TextureLike,
): WebGLTexture | TextureLike {
  const { width, height } = result.frame;
  const scale = Math.min(1, LONGER_SIDE / Math.max(width, height));
  const size = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  const mask = occlusionMask(result, size, canvases.get(target));
  canvases.set(target, mask);
  return 'texImage2D' in target ? glTexture(target, mask, last) : gpuTexture(target, mask, last as TextureLike);
}

/** Engines keep track of the context's state, and set some of it for their own uploads: it is restored. */
function glTexture(gl: WebGL2RenderingContext, mask: OffscreenCanvas, last = gl.createTexture()): WebGLTexture {
  const bound = gl.getParameter(gl.TEXTURE_BINDING_2D) as WebGLTexture | null;
  const buffer = gl.getParameter(gl.PIXEL_UNPACK_BUFFER_BINDING) as WebGLBuffer | null;
  const stores = [gl.UNPACK_FLIP_Y_WEBGL, gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL] as const;
  const stored = stores.map((name) => gl.getParameter(name) as boolean);
  gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, null);
  for (const name of stores) gl.pixelStorei(name, false);
  gl.bindTexture(gl.TEXTURE_2D, last);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, mask);
  // Sizes that are no powers of two have no mipmaps here.
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  gl.bindTexture(gl.TEXTURE_2D, bound);
  stores.forEach((name, i) => {
    gl.pixelStorei(name, stored[i] ?? false);
  });
  gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, buffer);
  return last;
}

function gpuTexture(device: DeviceLike<TextureLike>, mask: OffscreenCanvas, last?: TextureLike): TextureLike {
  const { width, height } = mask;
  const fits = last?.width === width && last.height === height;
  if (!fits) last?.destroy();
  const texture =
    last && fits ? last : device.createTexture({ size: [width, height], format: 'rgba8unorm', usage: USAGE });
  device.queue.copyExternalImageToTexture({ source: mask }, { texture }, [width, height]);
  return texture;
}
