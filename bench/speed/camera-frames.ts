import { sampleClipFrames } from '../../src/capture/sample-clip';
import { at } from '../../src/face/at';

/** A picture in a webcam's format, I420, in the benchmark's size. */
export interface CameraPicture {
  readonly planes: Uint8Array<ArrayBuffer>;
  readonly time: number;
}

export const WIDTH = 640;
export const HEIGHT = 480;

/** The sample clip's first `count` frames, scaled to the benchmark's size. */
export async function* cameraPictures(count: number): AsyncGenerator<CameraPicture, void, void> {
  const context = new OffscreenCanvas(WIDTH, HEIGHT).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser has no 2D canvas');
  let index = 0;
  for await (const { image, time } of sampleClipFrames()) {
    context.drawImage(image, 0, 0, WIDTH, HEIGHT);
    image.close();
    yield { planes: toI420(context.getImageData(0, 0, WIDTH, HEIGHT).data), time };
    index += 1;
    if (index >= count) return;
  }
}

/** Creates a frame; each tracker gets its own. */
export function cameraFrame({ planes, time }: CameraPicture): VideoFrame {
  return new VideoFrame(planes, {
    format: 'I420',
    codedWidth: WIDTH,
    codedHeight: HEIGHT,
    timestamp: Math.round(time * 1e6),
    colorSpace: { matrix: 'smpte170m', primaries: 'smpte170m', transfer: 'smpte170m', fullRange: false },
  });
}

/** The same picture as an ImageBitmap. */
export async function cameraBitmap(picture: CameraPicture): Promise<ImageBitmap> {
  const frame = cameraFrame(picture);
  try {
    return await createImageBitmap(frame);
  } finally {
    frame.close();
  }
}

/** BT.601, limited range; chroma is subsampled from every second pixel of every second row. */
function toI420(rgba: Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  const size = WIDTH * HEIGHT;
  const planes = new Uint8Array((size * 3) / 2);
  const channel = (pixel: number, i: number) => at(rgba, 4 * pixel + i);
  for (let pixel = 0; pixel < size; pixel += 1) {
    planes[pixel] = 16 + (66 * channel(pixel, 0) + 129 * channel(pixel, 1) + 25 * channel(pixel, 2)) / 256;
  }
  let next = size;
  for (const [r, g, b] of [
    [-38, -74, 112],
    [112, -94, -18],
  ] as const) {
    for (let y = 0; y < HEIGHT; y += 2) {
      for (let x = 0; x < WIDTH; x += 2) {
        const pixel = y * WIDTH + x;
        planes[next] = 128 + (r * channel(pixel, 0) + g * channel(pixel, 1) + b * channel(pixel, 2)) / 256;
        next += 1;
      }
    }
  }
  return planes;
}
