import { ALL_FORMATS, Input, type InputAudioTrack, type InputVideoTrack } from 'mediabunny';
import { blobSource } from './blob-source';
import { contentFault, fileKind, readHead } from './file-kind';
import { readMp4Index } from './mp4-index';

const CONVERT = 'Convert it to MP4 (H.264) or WebM, or open another file.';
const COPY = 'Copy or download it again, or open another file.';

/** Names of video codecs, by the identifiers of MP4, QuickTime and Matroska, and by the names of WebCodecs. */
const CODECS: readonly (readonly [RegExp, string])[] = [
  [/^(mp4v|V_MPEG4)/i, 'MPEG-4 Part 2 (DivX, Xvid)'],
  [/^(hevc|hvc1|hev1)/i, 'HEVC (H.265)'],
  [/^(prores|ap[ch4])/i, 'ProRes'],
  [/^(jpeg|mjp[ab2g]|V_MJPEG)/i, 'Motion JPEG'],
  [/^(av1|av01)/i, 'AV1'],
  [/^avc/i, 'H.264'],
  [/^V_VP8/, 'VP8'],
  [/^V_VP9/, 'VP9'],
  [/^(s263|h263)/i, 'H.263'],
  [/^(mp2v|V_MPEG[12])/i, 'MPEG-2'],
  [/^(rle |cvid|SVQ|rpza|smc |dv|raw )/i, 'an old QuickTime codec'],
];

/**
 * Why no program can show a picture of this video: one sentence with a remedy. Undefined where there is no such reason;
 * the browser may still lack the codec.
 */
export async function videoFault(blob: Blob, name: string): Promise<string | undefined> {
  const head = await readHead(blob);
  const content = contentFault(head);
  if (content) return `${name} cannot be played: ${content}. ${COPY}`;
  const kind = fileKind(head, '');
  if (kind.group === 'sound') return noPicture(name, 'only sound');
  const index = await readMp4Index(blob);
  if (index === 'damaged')
    return `${name}: the file is damaged, its index lists more frames than the file has. ${COPY}`;
  const isMp4 = kind.name.includes('MP4') || kind.name.includes('QuickTime');
  if (isMp4 && index !== 'complete')
    return `${name}: the file is cut off, its index is ${index === 'cut' ? 'incomplete' : 'missing'}. ${COPY}`;
  return withInput(blob, async (input) => {
    if (await input.getPrimaryVideoTrack()) return undefined;
    const audio = await input.getPrimaryAudioTrack();
    return audio || !hasTheora(head) ? noPicture(name, soundOf(audio)) : undefined;
  });
}

/** Why this browser cannot decode a video that `videoFault` accepts: one sentence with a remedy. */
export async function undecodableVideo(blob: Blob, name: string): Promise<string> {
  const head = await readHead(blob);
  const kind = fileKind(head, name);
  if (kind.unsupported) return `${name} is ${kind.name}, which browsers do not play. ${CONVERT}`;
  if (fileKind(head, '').group === 'other') {
    return `${name} cannot be played: its beginning is damaged or missing, or it is not a video. ${COPY}`;
  }
  const codec = await withInput(blob, async (input) => codecName(await input.getPrimaryVideoTrack()));
  if (codec) return `${name}: the video is encoded as ${codec}, which this browser cannot decode. ${CONVERT}`;
  if (hasTheora(head)) return `${name}: the video is encoded as Theora, which this browser cannot decode. ${CONVERT}`;
  return `${name}: the video is damaged, or this browser does not know its codec. ${CONVERT}`;
}

function noPicture(name: string, content: string): string {
  return `There is no picture in this file: ${name} has no video track, ${content}. Open a file with a picture.`;
}

function soundOf(audio: InputAudioTrack | null): string {
  return audio ? `only sound${audio.codec ? ` (${audio.codec.toUpperCase()})` : ''}` : 'and no sound either';
}

/** The name of a codec that this browser cannot decode; undefined for the others, and without a track. */
async function codecName(track: InputVideoTrack | null): Promise<string | undefined> {
  if (!track || (track.codec && (await track.canDecode()))) return undefined;
  const { internalCodecId: id, codec } = track;
  const given = typeof id === 'string' ? id : (codec ?? '');
  return CODECS.find(([pattern]) => pattern.test(given))?.[1] ?? (given || undefined);
}

/** Theora is not among the formats that the reader knows. */
function hasTheora(head: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(head.subarray(0, 512)).includes('\x80theora');
}

/** Undefined where the reader fails: it is stricter than browsers. */
async function withInput<T>(blob: Blob, use: (input: Input) => Promise<T | undefined>): Promise<T | undefined> {
  const input = new Input({ source: blobSource(blob), formats: ALL_FORMATS });
  try {
    return await use(input);
  } catch {
    return undefined;
  } finally {
    input.dispose();
  }
}
