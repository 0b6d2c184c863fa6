import { canEncodeVideo, Mp4OutputFormat, type OutputFormat, type VideoCodec, WebMOutputFormat } from 'mediabunny';
import type { Size } from '../render/view/view';

export const RENDER_FORMATS = ['mp4', 'webm', 'png'] as const;
/** mp4: opaque; webm: transparent where the picture is; png: a ZIP with a picture per frame, transparent too. */
export type RenderFormat = (typeof RENDER_FORMATS)[number];

/** A file that cannot be rendered. The message is for the user and names a remedy. */
export class RenderError extends Error {
  override readonly name = 'RenderError';
}

export interface VideoEncoding {
  readonly container: OutputFormat;
  readonly codec: VideoCodec;
  readonly alpha: 'keep' | 'discard';
}

/** The browser's encoders; replaced in tests. */
export type CanEncode = (codec: VideoCodec, options: Size & { readonly alpha: 'keep' | 'discard' }) => Promise<boolean>;

const CODECS = { mp4: ['avc', 'hevc', 'vp9', 'av1'], webm: ['vp9', 'vp8', 'av1'] } as const;

/** The encoding for a video. `transparent`: WebM keeps transparency. Throws RenderError where the browser has no encoder. */
export async function chooseEncoding(
  format: 'mp4' | 'webm',
  size: Size,
  transparent: boolean,
  canEncode: CanEncode = canEncodeVideo,
): Promise<VideoEncoding> {
  const alpha = transparent && format === 'webm' ? 'keep' : 'discard';
  for (const codec of CODECS[format]) {
    if (await canEncode(codec, { ...size, alpha })) return { container: container(format), codec, alpha };
  }
  throw new RenderError(await reasonOf(format, size, alpha, canEncode));
}

function container(format: 'mp4' | 'webm'): OutputFormat {
  return format === 'mp4' ? new Mp4OutputFormat({ fastStart: false }) : new WebMOutputFormat();
}

async function reasonOf(
  format: 'mp4' | 'webm',
  size: Size,
  alpha: 'keep' | 'discard',
  canEncode: CanEncode,
): Promise<string> {
  const name = format === 'mp4' ? 'MP4' : 'WebM';
  const small = { width: 640, height: 480 };
  const works = async (options: Parameters<CanEncode>[1]) =>
    (await Promise.all(CODECS[format].map((codec) => canEncode(codec, options)))).includes(true);
  if (alpha === 'keep' && (await works({ ...size, alpha: 'discard' })))
    return 'This browser has no encoder for transparent WebM. Choose the PNG sequence, or another background.';
  if (await works({ ...small, alpha }))
    return `This browser cannot encode ${name} at ${size.width} × ${size.height}. Choose the PNG sequence, or a smaller video.`;
  return `This browser has no encoder for ${name}. Choose another format, or use a current Chrome or Edge.`;
}

/** Codecs need even sizes: an odd size loses its last row or column. */
export function evenSize({ width, height }: Size): Size {
  return { width: Math.max(2, width - (width % 2)), height: Math.max(2, height - (height % 2)) };
}
