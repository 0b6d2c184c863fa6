import { writeFileSync } from 'node:fs';
import {
  BufferTarget,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  FilePathSource,
  Input,
  MP4,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';

/** The sample clip's first frames, copied without decoding. */
export async function writeShortClip(path: string, frames: number): Promise<void> {
  const input = new Input({ source: new FilePathSource('public/generated/sample.mp4'), formats: [MP4] });
  const track = await input.getPrimaryVideoTrack();
  const codec = await track?.getCodec();
  const decoderConfig = await track?.getDecoderConfig();
  if (!track || !codec || !decoderConfig) throw new Error('the sample clip has no video');
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat(), target });
  const source = new EncodedVideoPacketSource(codec);
  output.addVideoTrack(source);
  await output.start();
  let count = 0;
  for await (const packet of new EncodedPacketSink(track).packets()) {
    await source.add(packet, { decoderConfig });
    count += 1;
    if (count === frames) break;
  }
  await output.finalize();
  writeFileSync(path, new Uint8Array(target.buffer ?? new ArrayBuffer(0)));
}
