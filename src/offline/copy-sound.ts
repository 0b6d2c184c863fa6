import {
  type AudioCodec,
  AudioSampleSink,
  AudioSampleSource,
  type AudioSource,
  canEncodeAudio,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  type Input,
  type InputAudioTrack,
  type OutputFormat,
  QUALITY_HIGH,
} from 'mediabunny';
import type { Seconds } from '../face/types';

/** Writes the sound of a file into another one, in step with its video. */
export interface SoundCopy {
  /** For the output, which must not be started yet. */
  readonly source: AudioSource;
  /** Whether the packets are copied as they are; otherwise the sound is encoded again. */
  readonly isCopy: boolean;
  /** Writes what starts before `end`. */
  writeUntil(end: Seconds): Promise<void>;
  close(): Promise<void>;
}

/** What came of the sound of a file. `notice`: for the user; null where nothing is lost. */
export interface OpenedSound {
  readonly copy: SoundCopy | null;
  readonly notice: string | null;
}

const NO_SOUND: OpenedSound = { copy: null, notice: null };

/** Copies the sound where the format can hold its codec; otherwise encodes it again; otherwise leaves it out. */
export async function openSound(input: Input, format: OutputFormat): Promise<OpenedSound> {
  const track = await input.getPrimaryAudioTrack();
  if (!track) return NO_SOUND;
  const { codec } = track;
  const supported = format.getSupportedAudioCodecs();
  if (codec && supported.includes(codec)) return { copy: await copyPackets(track, codec), notice: null };
  const target = await encodable(supported);
  if (target && (await track.canDecode())) return { copy: encodeAgain(track, target), notice: null };
  const what = codec
    ? `This file format cannot hold sound in ${codec}, and`
    : 'The format of the sound is unknown, and';
  return { copy: null, notice: `${what} this browser cannot convert it: the rendered video has no sound.` };
}

async function encodable(codecs: readonly AudioCodec[]): Promise<AudioCodec | undefined> {
  for (const codec of ['aac', 'opus'] as const) {
    if (codecs.includes(codec) && (await canEncodeAudio(codec))) return codec;
  }
  return undefined;
}

async function copyPackets(track: InputAudioTrack, codec: AudioCodec): Promise<SoundCopy> {
  const source = new EncodedAudioPacketSource(codec);
  const decoderConfig = await track.getDecoderConfig();
  const meta = decoderConfig ? { decoderConfig } : undefined;
  const copy = inStep(new EncodedPacketSink(track).packets(), (packet) => source.add(packet, meta));
  return { source, isCopy: true, ...copy };
}

function encodeAgain(track: InputAudioTrack, codec: AudioCodec): SoundCopy {
  const source = new AudioSampleSource({ codec, quality: QUALITY_HIGH });
  const copy = inStep(new AudioSampleSink(track).samples(), async (sample) => {
    try {
      await source.add(sample);
    } finally {
      sample.close();
    }
  });
  return { source, isCopy: false, ...copy };
}

/** Writes the items of a generator up to a time; the first one beyond it waits for the next call. */
function inStep<T extends { readonly timestamp: Seconds }>(
  items: AsyncGenerator<T, void, unknown>,
  write: (item: T) => Promise<void>,
): Pick<SoundCopy, 'writeUntil' | 'close'> {
  let waiting: T | undefined;
  return {
    async writeUntil(end) {
      for (;;) {
        waiting ??= (await items.next()).value ?? undefined;
        if (!waiting || waiting.timestamp >= end) return;
        const item = waiting;
        waiting = undefined;
        await write(item);
      }
    },
    async close() {
      if (waiting && 'close' in waiting && typeof waiting.close === 'function') waiting.close();
      await items.return();
    },
  };
}
