import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { freshFolder, readLines, track } from './tracker';

/** Difficult inputs of the search for faces, tracked with the default bundle. */
const FIXTURES = join('test', 'fixtures', 'search');
const out = freshFolder();

interface FoundFace {
  readonly id: number;
  readonly points68: readonly (readonly [number, number])[];
}

const bundle = ['--bundle', 'peekaboo'];
const facesOf = (folder: string) => readLines(folder).map(({ faces }) => faces as unknown as readonly FoundFace[]);

async function facesIn(file: string, ...options: readonly string[]) {
  const folder = join(out, `${file}${options.join('')}`);
  await track([join(FIXTURES, file), '--out', folder, ...bundle, ...options]);
  return facesOf(folder);
}

const centre = ({ points68 }: FoundFace, axis: 0 | 1) =>
  points68.reduce((sum, point) => sum + point[axis], 0) / points68.length;

describe('search for faces', { timeout: 300_000 }, () => {
  let videos: Readonly<Record<string, (readonly FoundFace[])[]>>;
  beforeAll(async () => {
    const folder = join(out, 'videos');
    const names = ['jumpcut', 'nohead', 'door50'];
    await track([...names.map((name) => join(FIXTURES, `${name}.mp4`)), '--faces', '4', '--out', folder, ...bundle]);
    videos = Object.fromEntries(names.map((name) => [name, facesOf(join(folder, name))]));
  }, 300_000);

  it('P22: after each hard cut one face is listed, in the new place from the first frame on', () => {
    const listed = videos.jumpcut ?? [];
    expect(listed).toHaveLength(96);
    expect(listed.map((faces) => faces.length)).toEqual(Array(96).fill(1));
    for (const cut of [24, 48, 72]) {
      const x = [cut, cut + 12].map((frame) => listed[frame]?.map((face) => centre(face, 0))[0] ?? Number.NaN);
      expect(Math.abs((x[0] ?? 0) - (x[1] ?? 0))).toBeLessThan(20);
    }
  });

  it('P20: a suit and a helmet without a head are no face', () => {
    expect(videos.nohead?.flat()).toEqual([]);
  });

  it('P19: a face of which half is behind a door from the start is found', () => {
    expect(videos.door50?.filter((faces) => faces.length === 1).length).toBeGreaterThanOrEqual(28);
  });

  it.each([32, 4])('P19: of 32 small heads %d are found, as many as requested', async (faces) => {
    const [found = []] = await facesIn('crowd32.jpg', '--faces', String(faces));
    expect(found).toHaveLength(faces);
  });

  it('P20: an upside-down face is found the right way up', async () => {
    const [[face] = []] = await facesIn('roll180.jpg');
    const [chin, brow] = [face?.points68[8]?.[1] ?? 0, face?.points68[27]?.[1] ?? 0];
    expect(chin).toBeLessThan(brow - 60);
  });

  it('P19: the head of a small photograph on a wall is found', async () => {
    expect((await facesIn('wall-one.jpg', '--faces', '6'))[0]).toHaveLength(1);
  });
});
