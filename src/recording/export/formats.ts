import type { FaceModel } from '../../face/face-model';
import { arkitLines } from './arkit-lines';
import { bvh } from './bvh';
import type { FaceTrack } from './face-track';
import { headGlb } from './head-glb';
import { liveLinkCsv } from './live-link-csv';
import { plainCsv } from './plain-csv';
import { vrma } from './vrma';

export interface ExportFormat {
  /** Its name for the user. */
  readonly label: string;
  /** What the file's name ends with. */
  readonly ending: string;
  /** MIME type. */
  readonly type: string;
  /** The pieces of the file, in order. `model`: of the bundle that tracked the face. */
  write(track: FaceTrack, model: FaceModel): Iterable<string | Uint8Array<ArrayBuffer>>;
}

/** The formats of one face's animation, by the names that `npm run track -- --export` accepts. */
export const EXPORT_FORMATS = {
  llf: { label: 'Live Link Face CSV', ending: '.livelink.csv', type: 'text/csv', write: liveLinkCsv },
  glb: { label: 'glTF animation (GLB)', ending: '.glb', type: 'model/gltf-binary', write: headGlb },
  vrma: { label: 'VRM animation (VRMA)', ending: '.vrma', type: 'model/gltf-binary', write: vrma },
  bvh: { label: 'BVH (head only)', ending: '.bvh', type: 'text/plain', write: bvh },
  csv: { label: 'CSV table', ending: '.csv', type: 'text/csv', write: plainCsv },
  arkit: { label: 'ARKit JSON lines', ending: '.arkit.jsonl', type: 'application/jsonl', write: arkitLines },
} as const satisfies Record<string, ExportFormat>;

export type ExportName = keyof typeof EXPORT_FORMATS;
export const EXPORT_NAMES = Object.keys(EXPORT_FORMATS) as ExportName[];

/** The pieces of text and bytes as one file. */
export function exportBlob(format: ExportFormat, track: FaceTrack, model: FaceModel): Blob {
  const parts: (string | Uint8Array<ArrayBuffer>)[] = [];
  let lines: string[] = [];
  const flush = () => {
    if (lines.length > 0) parts.push(new Uint8Array(new TextEncoder().encode(lines.join(''))));
    lines = [];
  };
  for (const piece of format.write(track, model)) {
    if (typeof piece === 'string') {
      if (lines.push(piece) >= 1000) flush();
    } else {
      flush();
      parts.push(piece);
    }
  }
  flush();
  return new Blob(parts, { type: format.type });
}
