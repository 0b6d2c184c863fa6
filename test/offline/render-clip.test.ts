import { expect, it } from 'vitest';
import { ClipTracks } from '../../src/offline/clip-tracks';
import { renderClip } from '../../src/offline/render-clip';
import { RenderError } from '../../src/offline/render-formats';
import { landmarks } from './landmarks';

it('OF7 a video without frames is reported, and the file that was opened for it is discarded', async () => {
  const log: string[] = [];
  const sink = {
    write: async () => void log.push('write'),
    close: async () => void log.push('close'),
    abort: async () => void log.push('abort'),
  };
  const content = {
    model: undefined as never,
    options: {},
    filters: [],
    avatar: null,
    filterEvents: undefined as never,
  };
  const rendered = renderClip({
    ...{ clip: new Blob(), name: 'empty.mp4', tracks: new ClipTracks([], landmarks), content, sink },
    ...{ engine: 'auto', format: 'mp4', transparent: false },
  });
  await expect(rendered).rejects.toThrow(RenderError);
  expect(log).toEqual(['abort']);
});
