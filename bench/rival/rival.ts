import type { RivalAnswer, RivalRequest } from './rival-protocol';

export interface RivalSeen {
  readonly ms: number;
  readonly faces: number;
  readonly points?: Float32Array;
}

/** MediaPipe's FaceLandmarker in its worker. One call at a time. */
export interface Rival {
  /**
   * Detects faces in a frame and closes the frame. Resolves with the milliseconds of the call inside the worker, the number
   * of faces and, if requested, the first face's points: 478 × (x, y), relative to the picture, 0 to 1.
   */
  look(image: VideoFrame | ImageBitmap, milliseconds: number, points?: boolean): Promise<RivalSeen>;
  close(): void;
}

/** Loads the rival; `model` is the URL of face_landmarker.task. Throws if it cannot be loaded. */
export async function openRival(model: string): Promise<Rival> {
  const worker = new Worker(new URL('./rival-worker.ts', import.meta.url), { type: 'module' });
  const ask = (request: RivalRequest, transfer: Transferable[]) =>
    new Promise<RivalAnswer>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<RivalAnswer>) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message || 'the rival could not be loaded'));
      worker.postMessage(request, transfer);
    });
  const opened = await ask({ type: 'open', model: new URL(model, document.baseURI).href }, []);
  if (opened.type !== 'opened') {
    worker.terminate();
    throw new Error(opened.type === 'failed' ? opened.message : 'an answer out of turn');
  }
  return {
    async look(image, milliseconds, points = false) {
      const answer = await ask({ type: 'frame', image, milliseconds, points }, [image]);
      if (answer.type !== 'seen') throw new Error(answer.type === 'failed' ? answer.message : 'an answer out of turn');
      return answer;
    },
    close: () => worker.terminate(),
  };
}
