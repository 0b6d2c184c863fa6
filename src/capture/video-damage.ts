import { ALL_FORMATS, EncodedPacketSink, Input, type InputVideoTrack } from 'mediabunny';
import type { Seconds } from '../face/types';
import { blobSource } from './blob-source';

/** Milliseconds after which the check stops. */
const TIME_LIMIT = 1500;
/** Seconds that may be missing at the end: declared durations are rounded. */
const MISSING = 0.5;

/**
 * The time from which a video file is damaged or cut off, as far as its structure shows it: frames that lie beyond the
 * end of the file, or whose parts have impossible lengths. Undefined where no damage was found within 1.5 s. Decodes
 * nothing.
 */
export async function videoDamage(
  blob: Blob,
  now: () => number = () => performance.now(),
): Promise<Seconds | undefined> {
  const input = new Input({ source: blobSource(blob), formats: ALL_FORMATS });
  try {
    const track = await input.getPrimaryVideoTrack();
    return track ? await trackDamage(input, track, now() + TIME_LIMIT, now) : undefined;
  } catch {
    return undefined;
  } finally {
    input.dispose();
  }
}

async function trackDamage(
  input: Input,
  track: InputVideoTrack,
  limit: number,
  now: () => number,
): Promise<Seconds | undefined> {
  const sink = new EncodedPacketSink(track);
  const lengthSize = track.codec === 'avc' || track.codec === 'hevc' ? await unitLengthSize(track) : 0;
  let end: Seconds = 0;
  for await (const packet of sink.packets()) {
    if (now() > limit) return undefined;
    if (lengthSize > 0 && !hasWholeUnits(packet.data, lengthSize)) return packet.timestamp;
    end = Math.max(end, packet.timestamp + packet.duration);
  }
  const claimed = Math.max(await lastIndexed(sink), await lastDeclared(input));
  return claimed - end > MISSING ? end : undefined;
}

/** The end of the last frame that the index of the file lists. */
export async function lastIndexed(sink: EncodedPacketSink): Promise<Seconds> {
  const last = await sink.getPacket(Number.POSITIVE_INFINITY, { metadataOnly: true });
  return last ? last.timestamp + last.duration : 0;
}

/**
 * The duration in the header of a Matroska file, which has no complete index; 0 if one of its tracks lasts that long,
 * because sound may last longer than the video.
 */
export async function lastDeclared(input: Input): Promise<Seconds> {
  const { name } = await input.getFormat();
  if (name !== 'WebM' && name !== 'Matroska') return 0;
  const declared = (await input.getDurationFromMetadata()) ?? 0;
  return declared - (await input.computeDuration()) > MISSING ? declared : 0;
}

/** Bytes of the length before each unit of a packet; 0 where units are separated by start codes. */
async function unitLengthSize(track: InputVideoTrack): Promise<number> {
  const { description } = (await track.getDecoderConfig()) ?? {};
  if (!description) return 0;
  const bytes = ArrayBuffer.isView(description)
    ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
    : new Uint8Array(description);
  const field = bytes[track.codec === 'avc' ? 4 : 21];
  return field === undefined ? 0 : (field & 3) + 1;
}

/** Whether the lengths of the units fill the packet exactly. */
function hasWholeUnits(data: Uint8Array, lengthSize: number): boolean {
  let at = 0;
  while (at + lengthSize <= data.length) {
    let length = 0;
    for (let i = 0; i < lengthSize; i++) length = 256 * length + (data[at + i] ?? 0);
    if (length === 0) return false;
    at += lengthSize + length;
  }
  return at === data.length;
}
