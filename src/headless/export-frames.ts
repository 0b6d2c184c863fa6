import type { FaceModel } from '../face/face-model';
import { listFaces, readTrack } from '../recording/export/face-track';
import { EXPORT_FORMATS, type ExportName, exportBlob } from '../recording/export/formats';
import { framesOfFile } from '../recording/recording-file';

/**
 * The face in most frames of a frames.jsonl as a file of the format. Null where no frame has a face. `name`: of the video.
 */
export async function exportFrames(
  lines: Blob,
  name: string,
  format: ExportName,
  model: FaceModel,
): Promise<Blob | null> {
  const [face] = await listFaces(framesOfFile(lines, name));
  if (!face) return null;
  const facts = { name, created: '', live: false };
  const options = { face: face.id, values: 'smoothed', restingFace: null } as const;
  const track = await readTrack(framesOfFile(lines, name), facts, options);
  return exportBlob(EXPORT_FORMATS[format], track, model);
}
