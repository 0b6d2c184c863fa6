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

export interface DrawingOptions {
  readonly color?: string | CanvasGradient | CanvasPattern;
  readonly fillColor?: string | CanvasGradient | CanvasPattern;
  readonly lineWidth?: number;
  readonly radius?: number;
}

export interface DrawingUtils {
  drawConnectors(landmarks?: NormalizedLandmark[], connections?: Connection[], style?: DrawingOptions): void;
  drawLandmarks(landmarks?: NormalizedLandmark[], style?: DrawingOptions): void;
  close(): void;
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
