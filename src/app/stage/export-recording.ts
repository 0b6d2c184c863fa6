import type { FaceModel } from '../../face/face-model';
import { avatarGlb } from '../../recording/export/avatar-glb';
import { readTrack } from '../../recording/export/face-track';
import { EXPORT_FORMATS, type ExportName, exportBlob } from '../../recording/export/formats';
import { resample } from '../../recording/export/resample';
import type { RecordingInfo } from '../../recording/recording-database';
import type { RecordingStore } from '../../recording/recording-store';

export { listFaces } from '../../recording/export/face-track';
export { EXPORT_NAMES } from '../../recording/export/formats';

/** A format of one face, or the avatar in use with the face's animation. */
export type ExportChoiceName = ExportName | 'avatar';

/** Label and ending of a choice. */
export function describeExport(name: ExportChoiceName): { readonly label: string; readonly ending: string } {
  return name === 'avatar' ? { label: 'glTF animation of the avatar', ending: '.avatar.glb' } : EXPORT_FORMATS[name];
}

export interface ExportChoice {
  readonly format: ExportChoiceName;
  readonly face: number;
  /** Frames per second; null for the times of the recording. */
  readonly rate: number | null;
  readonly values: 'smoothed' | 'raw';
  /** Whether expressions are relative to the resting face of the recording. */
  readonly relative: boolean;
  readonly model: { readonly bundle: string; readonly model: FaceModel } | undefined;
  /** The avatar's file, for `avatar`. */
  readonly avatar: Blob | undefined;
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
  const own = await readTrack(store.frames(info.id), facts, { face, values, restingFace });
  const track = rate === null ? own : resample(own, rate);
  if (format !== 'avatar') return exportBlob(EXPORT_FORMATS[format], track, model.model);
  if (!choice.avatar) throw new Error('No avatar is loaded. Choose one under Avatar, then export again.');
  const file = new Uint8Array(await choice.avatar.arrayBuffer());
  return new Blob([...avatarGlb(track, file)], { type: 'model/gltf-binary' });
}
