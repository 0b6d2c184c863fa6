/** Page to the rival's worker. A frame's image is transferred and closed there. `points` asks for the first face's. */
export type RivalRequest =
  | { readonly type: 'open'; readonly model: string }
  | {
      readonly type: 'frame';
      readonly image: VideoFrame | ImageBitmap;
      readonly milliseconds: number;
      readonly points?: boolean;
    };

/** One answer for each request, in order. Points: 478 × (x, y), 0 to 1 of the picture. */
export type RivalAnswer =
  | { readonly type: 'opened' }
  | { readonly type: 'seen'; readonly ms: number; readonly faces: number; readonly points?: Float32Array }
  | { readonly type: 'failed'; readonly message: string };
