/** The page of the headless renderer. `npm run track -- --render` controls it through window.peekabooRender. */
import { loadFilter } from '../filters/index';
import { renderClip } from '../offline/render-clip';
import type { RenderFormat } from '../offline/render-formats';
import { trackFile } from '../offline/track-file';
import type { FilterEvents } from '../render/filter/host';
import type { StageOptions } from '../render/stage-options';
import { base64 } from './base64';

/** The tool's options. Addresses are relative to the page. */
export interface RenderJob {
  readonly url: string;
  /** Name of the video, for messages. */
  readonly name: string;
  readonly format: RenderFormat;
  /** Folder of the bundle. */
  readonly bundle: string;
  readonly provider: 'auto' | 'webgpu' | 'wasm';
  readonly threads?: number;
  readonly faces: number;
  readonly fov: number;
  readonly engine: 'auto' | 'webgpu' | 'webgl';
  readonly filters: readonly string[];
  readonly avatar?: { readonly url: string; readonly name: string };
  /** A picture behind the head. */
  readonly background?: string;
  readonly options: Partial<StageOptions>;
  readonly transparent: boolean;
}

/** `notices`: what is missing, one sentence each. Seconds that tracking and rendering took. */
export interface RenderReport {
  readonly frames: number;
  readonly notices: readonly string[];
  readonly trackSeconds: number;
  readonly renderSeconds: number;
}

declare global {
  interface Window {
    /** Set by the tool. Writes bytes, in base64, at a position of the file. */
    peekabooWrite?: (position: number, bytes: string) => Promise<void>;
    /** Set by the tool. `time`: seconds of the video that are done. */
    peekabooProgress?: (stage: 'track' | 'render', time: number) => Promise<void>;
    peekabooRender?: typeof render;
  }
}

window.peekabooRender = render;

/** The report, or the message of an error. */
async function render(job: RenderJob): Promise<{ readonly value: RenderReport } | { readonly refused: string }> {
  try {
    return { value: await trackAndRender(job) };
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

async function trackAndRender(job: RenderJob): Promise<RenderReport> {
  const { url, name, bundle, provider, threads, faces, fov } = job;
  const clip = await fetchBlob(url);
  const notices = new Set<string>();
  const started = performance.now();
  const filters = await Promise.all(job.filters.map(loadFilter));
  const { tracks, faceModel } = await trackFile(clip, name, {
    ...{ bundle, provider, faces, verticalFov: fov },
    ...(threads ? { threads } : {}),
    onFault: (message) => notices.add(message),
    onFrame: (time) => void window.peekabooProgress?.('track', time),
  });
  const tracked = performance.now();
  const backdropPicture = job.background ? await createImageBitmap(await fetchBlob(job.background)) : undefined;
  const avatar = job.avatar
    ? { name: job.avatar.name, bytes: await (await fetchBlob(job.avatar.url)).arrayBuffer() }
    : null;
  const result = await renderClip({
    ...{ clip, name, tracks, engine: job.engine, format: job.format, transparent: job.transparent },
    content: {
      ...{ model: faceModel, options: job.options, filters, avatar },
      ...(backdropPicture ? { backdropPicture } : {}),
      filterEvents: collectNotices(notices),
    },
    sink: { write, close: async () => {}, abort: async () => {} },
    onFrame: (index) => void window.peekabooProgress?.('render', tracks.frames[index]?.time ?? 0),
  });
  for (const notice of result.notices) notices.add(notice);
  const seconds = (from: number, to: number) => (to - from) / 1000;
  return {
    frames: result.frames,
    notices: [...notices],
    trackSeconds: seconds(started, tracked),
    renderSeconds: seconds(tracked, performance.now()),
  };
}

function collectNotices(notices: Set<string>): FilterEvents {
  return {
    onNotice: ({ title, message }) => void notices.add(`${title}: ${message}`),
    onProgress() {},
    onRunning() {},
  };
}

async function write(data: Uint8Array<ArrayBuffer>, position: number): Promise<void> {
  await window.peekabooWrite?.(position, await base64(new Blob([data])));
}

async function fetchBlob(url: string): Promise<Blob> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} cannot be read (HTTP ${response.status})`);
  return response.blob();
}
