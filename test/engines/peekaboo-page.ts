import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject } from 'vitest';
import type { EnginePage } from './engine-page';

/** Screenshots, for people. */
const SCREENSHOTS = '.cache/engines';
/** Software drawing on a busy machine. */
const PATIENCE = { timeout: 120_000, interval: 500 } as const;

export type PageData = Readonly<Record<string, string | undefined>>;

/** Peekaboo's page in an engine. */
export class PeekabooPage {
  constructor(
    private readonly page: EnginePage,
    private readonly engine: string,
  ) {}

  /** Opens the page with settings, and waits for tracked frames with a face unless `wanted` says otherwise. */
  async open(settings: Readonly<Record<string, string>> = {}, wanted: PageData = { faces: '1' }): Promise<void> {
    await this.page.goto(`${inject('origin')}/?${new URLSearchParams({ provider: 'wasm', ...settings })}`);
    await this.reach(wanted, 3);
  }

  data(): Promise<PageData> {
    return this.page.run(() => ({ ...document.documentElement.dataset }));
  }

  /** Waits until at least `frames` frames are tracked and the page's data has the given entries. */
  async reach(wanted: PageData, frames = 0): Promise<void> {
    await expect
      .poll(async () => {
        const data = await this.data();
        return Number(data.frames) >= frames ? data : { ...data, frames: `${data.frames} of ${frames}` };
      }, PATIENCE)
      .toMatchObject({ ...wanted, frames: expect.stringMatching(/^\d+$/) });
  }

  /** Waits for that many more frames. */
  async advance(frames: number, wanted: PageData = {}): Promise<void> {
    await this.reach(wanted, Number((await this.data()).frames) + frames);
  }

  /** Opens a fixture as if the user had chosen it. */
  async choose(name: string, type: string): Promise<void> {
    await this.page.run(
      async (file, mime) => {
        const response = await fetch(`/${file}`);
        const transfer = new DataTransfer();
        transfer.items.add(new File([await response.blob()], file, { type: mime }));
        const input = document.querySelector<HTMLInputElement>('#file');
        if (!input) throw new Error('the page has no file input');
        input.files = transfer.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));
      },
      name,
      type,
    );
  }

  run: EnginePage['run'] = (work, ...args) => this.page.run(work, ...args);

  async screenshot(name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    writeFileSync(join(SCREENSHOTS, `${this.engine}-${name}.png`), await this.page.screenshot());
  }
}
