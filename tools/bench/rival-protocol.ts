/** Page to the rival's worker. A frame's image is transferred and closed there. */
export type RivalRequest =
  | { readonly type: 'open'; readonly model: string }
  | { readonly type: 'frame'; readonly image: VideoFrame | ImageBitmap; readonly milliseconds: number };

/** One answer for each request, in order. */
export type RivalAnswer =
  | { readonly type: 'opened' }
  | { readonly type: 'seen'; readonly ms: number; readonly faces: number }
  | { readonly type: 'failed'; readonly message: string };
