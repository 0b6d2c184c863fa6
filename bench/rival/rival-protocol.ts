/** Messages from the page to the rival's worker, which closes the transferred image. `points`: return the first face's points. */
export type RivalRequest =
  | { readonly type: 'open'; readonly model: string }
  | {
      readonly type: 'frame';
      readonly image: VideoFrame | ImageBitmap;
      readonly milliseconds: number;
      readonly points?: boolean;
    };

/** One answer per request, in order. Points: 478 × (x, y), relative to the picture, 0 to 1. */
export type RivalAnswer =
  | { readonly type: 'opened' }
  | { readonly type: 'seen'; readonly ms: number; readonly faces: number; readonly points?: Float32Array }
  | { readonly type: 'failed'; readonly message: string };
