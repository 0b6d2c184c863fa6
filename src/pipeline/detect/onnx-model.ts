import { AssetError } from '../../assets/asset-error';
import { assetUrl } from '../../assets/asset-urls';
import { fetchAsset } from '../../assets/fetch-asset';
import { openWasmModel } from '../../focus/wasm-model';
import type { Range } from '../search/detection-areas';
import { type AnchorLayer, anchorCentres } from './anchors';
import { decodeDetections } from './decode-detections';
import type { DetectorOptions, FaceModel } from './detection';
import { letterbox } from './letterbox';
import { mergeDetections } from './merge-detections';
import { oncePerRange } from './once-per-range';
import { THRESHOLD } from './threshold';

/** One of the two models. */
interface ModelFile {
  readonly file: string;
  /** Side of the input, pixels. */
  readonly size: number;
  readonly layers: readonly AnchorLayer[];
}

/** The same models as MediaPipe's, converted by tools/lib/convert. */
export const ONNX_MODELS: Readonly<Record<Range, ModelFile>> = {
  short: {
    file: 'detectors/face_detection_short_range.onnx',
    size: 128,
    layers: [
      { stride: 8, perCell: 2 },
      { stride: 16, perCell: 6 },
    ],
  },
  full: {
    file: 'detectors/face_detection_full_range_sparse.onnx',
    size: 192,
    layers: [{ stride: 4, perCell: 1 }],
  },
};

/**
 * MediaPipe's models in onnxruntime-web, with the steps of MediaPipe's graph before and after them. Throws AssetError with
 * the address of a model that cannot be loaded or is damaged.
 */
export function openOnnxModel({ assets, threads }: DetectorOptions): FaceModel {
  const modelOf = oncePerRange(async (range) => {
    const { file, size, layers } = ONNX_MODELS[range];
    const url = assetUrl(assets, file);
    const response = await fetchAsset(url);
    const model = await openWasmModel(await response.arrayBuffer(), { assets, threads }).catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new AssetError('asset-invalid', `${url}: ${reason}. Is the file complete?`, { cause });
    });
    return { model, size, centres: anchorCentres(size, layers) };
  });
  return async (picture, range) => {
    const { model, size, centres } = await modelOf(range);
    const box = letterbox(picture, size);
    const { boxes, scores } = await model.run('image', box.values, [1, 3, size, size]);
    if (!boxes || !scores) throw new Error(`the model of the ${range} range has no boxes or no scores`);
    const found = decodeDetections({ boxes, scores, centres, size, threshold: THRESHOLD });
    return mergeDetections(found).map(box.toPicture);
  };
}
