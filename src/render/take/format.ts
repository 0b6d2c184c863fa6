import { type AudioCodec, canEncodeAudio, canEncodeVideo, type VideoCodec } from 'mediabunny';
import type { Size } from '../view/view';

/** File format of a take. */
export interface TakeFormat {
  readonly container: 'mp4' | 'webm';
  readonly video: VideoCodec;
  /** Null for no sound. */
  readonly sound: AudioCodec | null;
  /** Keeps transparency. */
  readonly alpha: boolean;
  /** A message about what this browser cannot record; null for none. */
  readonly lacks: string | null;
}

export interface TakeWish {
  readonly transparent: boolean;
  readonly sound: boolean;
}

/** The browser's encoders; replaced in tests. */
export interface TakeAbilities {
  readonly video: (codec: VideoCodec, options: Size & { readonly alpha: 'keep' | 'discard' }) => Promise<boolean>;
  readonly audio: (codec: AudioCodec) => Promise<boolean>;
}

/** A take that cannot be recorded. The message is for the user and names a remedy. */
export class TakeError extends Error {
  override readonly name = 'TakeError';
}

type Pair = readonly ['mp4' | 'webm', VideoCodec, AudioCodec];

/** In order of preference. MP4 plays everywhere; WebM is for browsers without its codecs, and for transparency. */
const OPAQUE: readonly Pair[] = [
  ['mp4', 'avc', 'aac'],
  ['webm', 'vp9', 'opus'],
  ['webm', 'vp8', 'opus'],
  ['mp4', 'avc', 'opus'],
  ['mp4', 'hevc', 'aac'],
  ['webm', 'av1', 'opus'],
];
const TRANSPARENT: readonly Pair[] = [
  ['webm', 'vp9', 'opus'],
  ['webm', 'vp8', 'opus'],
];

const browser: TakeAbilities = { video: canEncodeVideo, audio: (codec) => canEncodeAudio(codec) };

/** The first format that this browser can write with everything wished for; else one without a part of it. Throws TakeError. */
export async function chooseFormat(
  size: Size,
  { transparent, sound }: TakeWish,
  can: TakeAbilities = browser,
): Promise<TakeFormat> {
  if (transparent) {
    const found = await firstOf(TRANSPARENT, { ...size, alpha: 'keep' }, sound, can);
    if (found) return { ...found, alpha: true, lacks: null };
  }
  const lacksAlpha = transparent ? 'This browser cannot record what is transparent: the background is black. ' : '';
  const discard = { ...size, alpha: 'discard' } as const;
  const whole = await firstOf(OPAQUE, discard, sound, can);
  if (whole) return { ...whole, alpha: false, lacks: lacksAlpha.trim() || null };
  const silent = await firstOf(OPAQUE, discard, false, can);
  if (!silent) throw new TakeError('This browser cannot record video. Use a current Chrome, Edge, Firefox or Safari.');
  return { ...silent, alpha: false, lacks: `${lacksAlpha}This browser cannot record sound.` };
}

async function firstOf(
  pairs: readonly Pair[],
  options: Parameters<TakeAbilities['video']>[1],
  sound: boolean,
  can: TakeAbilities,
): Promise<Pick<TakeFormat, 'container' | 'video' | 'sound'> | undefined> {
  for (const [container, video, audio] of pairs) {
    if (!(await can.video(video, options))) continue;
    if (!sound) return { container, video, sound: null };
    if (await can.audio(audio)) return { container, video, sound: audio };
  }
  return undefined;
}
