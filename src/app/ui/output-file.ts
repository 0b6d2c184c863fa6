import { type FileSink, fileSink } from '../../offline/file-sink';
import { saveFile } from './save-file';

/** A file that a job writes. */
export interface OutputFile {
  open(): Promise<FileSink>;
  /** Gives the complete file to the user. */
  deliver(): Promise<void>;
  /** Removes an incomplete file. */
  discard(): Promise<void>;
}

/** The part of the File System Access API that TypeScript does not declare; not all browsers have it. */
interface WithPicker {
  showSaveFilePicker?(options: {
    readonly suggestedName: string;
    readonly types: readonly { readonly accept: Readonly<Record<string, readonly string[]>> }[];
  }): Promise<FileSystemFileHandle>;
}

const TYPES: Readonly<Record<string, string>> = { mp4: 'video/mp4', webm: 'video/webm', zip: 'application/zip' };

/**
 * Asks the user for a file where the browser can; elsewhere the file is written to the browser's private storage and
 * downloaded from there. In both cases memory holds a few megabytes of it. Undefined if the user cancels.
 */
export async function openOutput(name: string, extension: string): Promise<OutputFile | undefined> {
  const { showSaveFilePicker } = window as WithPicker;
  if (!showSaveFilePicker) return privateFile(name);
  try {
    const types = [{ accept: { [TYPES[extension] ?? 'application/octet-stream']: [`.${extension}`] } }];
    const handle = await showSaveFilePicker.call(window, { suggestedName: name, types });
    return { open: () => fileSink(handle), deliver: async () => {}, discard: async () => {} };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined;
    // Refused, for example in a frame of another page.
    return privateFile(name);
  }
}

/** Where rendered files are kept until the next one; a download may take as long. */
const FOLDER = 'rendered';

async function privateFile(name: string): Promise<OutputFile> {
  const root = await navigator.storage.getDirectory();
  const remove = () => root.removeEntry(FOLDER, { recursive: true }).catch(() => undefined);
  await remove();
  const folder = await root.getDirectoryHandle(FOLDER, { create: true });
  const handle = await folder.getFileHandle(name, { create: true });
  return {
    open: () => fileSink(handle),
    deliver: async () => saveFile(name, await handle.getFile()),
    discard: async () => void (await remove()),
  };
}
