/** The parts of MediaPipe's types that the entry point has, so that apps do not need its package. */

/** A point; x and y from 0 to 1 in the picture, z in the scale of x, smaller towards the viewer. */
export interface NormalizedLandmark {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly visibility: number;
}

export interface Category {
  readonly score: number;
  readonly index: number;
  readonly categoryName: string;
  readonly displayName: string;
}

export interface Classifications {
  readonly categories: Category[];
  readonly headIndex: number;
  readonly headName: string;
}

/** Column by column. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: number[];
}

/** Two landmarks to draw a line between. */
export interface Connection {
  readonly start: number;
  readonly end: number;
}

/** Of the element that is drawn: its place in the list, and its landmark or the two of its line. */
export interface DrawnElement {
  readonly index?: number;
  readonly from?: NormalizedLandmark;
  readonly to?: NormalizedLandmark;
}

/** A value, or a function that returns it for each element. */
export type DrawingValue<T> = T | ((drawn: DrawnElement) => T);

type Paint = string | CanvasGradient | CanvasPattern;

export interface DrawingOptions {
  readonly color?: DrawingValue<Paint>;
  readonly fillColor?: DrawingValue<Paint>;
  readonly lineWidth?: DrawingValue<number>;
  readonly radius?: DrawingValue<number>;
}

export interface BoundingBox {
  readonly originX: number;
  readonly originY: number;
  readonly width: number;
  readonly height: number;
  readonly angle: number;
}

export interface DrawingUtils {
  drawConnectors(landmarks?: NormalizedLandmark[], connections?: Connection[], style?: DrawingOptions): void;
  drawLandmarks(landmarks?: NormalizedLandmark[], style?: DrawingOptions): void;
  drawBoundingBox(boundingBox: BoundingBox, style?: DrawingOptions): void;
  close(): void;
}

export interface DrawingUtilsClass {
  new (context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D): DrawingUtils;
  /** `value` limited to the range from `low` to `high`. */
  clamp(value: number, low: number, high: number): number;
  /** Interpolates from y0 to y1 as x goes from x0 to x1, within that range. */
  lerp(x: number, x0: number, x1: number, y0: number, y1: number): number;
}

/** MediaPipe's options. Paths of its model and WebAssembly and its thresholds are accepted and not used. */
export interface MediaPipeOptions {
  readonly baseOptions?: {
    readonly modelAssetPath?: string;
    readonly modelAssetBuffer?: unknown;
    /** 'CPU': the network runs on the CPU. Otherwise on the GPU where that is quicker. */
    readonly delegate?: 'CPU' | 'GPU';
  };
  readonly runningMode?: 'IMAGE' | 'VIDEO';
  readonly numFaces?: number;
  readonly minFaceDetectionConfidence?: number;
  readonly minFacePresenceConfidence?: number;
  readonly minTrackingConfidence?: number;
  readonly outputFaceBlendshapes?: boolean;
  readonly outputFacialTransformationMatrixes?: boolean;
  readonly canvas?: HTMLCanvasElement | OffscreenCanvas;
}
