import type { DetectorKind } from '../../src/pipeline/detect/detection';
import type { Range } from '../../src/pipeline/search/detection-areas';

export interface DetectRequest {
  readonly kind: DetectorKind;
  readonly assets: string;
  readonly range: Range;
  readonly picture: ImageBitmap;
  readonly runs: number;
}
