import type { FaceModel } from '../../face/face-model';
import { readTrack } from '../../recording/export/face-track';
import { EXPORT_FORMATS, type ExportName, exportBlob } from '../../recording/export/formats';
import { resample } from '../../recording/export/resample';
import type { RecordingInfo } from '../../recording/recording-database';
import type { RecordingStore } from '../../recording/recording-store';

export { listFaces } from '../../recording/export/face-track';
export { EXPORT_FORMATS, EXPORT_NAMES } from '../../recording/export/formats';

export interface ExportChoice {
  readonly format: ExportName;
  readonly face: number;
  /** Frames per second; null for the times of the recording. */
  readonly rate: number | null;
  readonly values: 'smoothed' | 'raw';
  /** Whether expressions are relative to the resting face of the recording. */
  readonly relative: boolean;
  readonly model: { readonly bundle: string; readonly model: FaceModel } | undefined;
}

/** One face of a recording as a file. Rejects with an error for the user. */
export async function exportRecording(store: RecordingStore, info: RecordingInfo, choice: ExportChoice): Promise<Blob> {
  const { format, face, rate, values, relative, model } = choice;
  if (!model) throw new Error('The weights are still loading. Export again when the picture is tracked.');
  // The head depends on the face model of the weights; a recording without their name is taken as theirs.
  if (format === 'glb' && info.bundle !== '' && info.bundle !== model.bundle) {
    throw new Error(
      `This recording was tracked with the weights “${info.bundle}”. Choose them under Input, then export the head again.`,
    );
  }
  const restingFace = relative ? info.restingFace : null;
  const facts = { name: info.name, created: info.created, live: info.source.kind === 'cam' };
  const track = await readTrack(store.frames(info.id), facts, { face, values, restingFace });
  return exportBlob(EXPORT_FORMATS[format], rate === null ? track : resample(track, rate), model.model);
}
