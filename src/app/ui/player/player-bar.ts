import { auditTime, merge } from 'rxjs';
import type { PlaybackPosition } from '../../../capture/playback-control';
import type { Seconds } from '../../../face/types';
import { type Clip, type Player, SPEEDS } from '../../session/player';
import type { SettingsStore } from '../../settings/settings-store';
import { element } from '../elements';
import { drawCoverage } from './coverage-strip';

/** Milliseconds between two drawings of the strip; reading thousands of values takes time. */
const STRIP_PERIOD = 500;

/** The controls of the player, below the picture. Hidden while no video runs. */
export class PlayerBar {
  readonly #root = element('player', HTMLElement);
  readonly #seek = element('player-seek', HTMLInputElement);
  readonly #strip = element('player-strip', HTMLCanvasElement);
  readonly #time = element('player-time', HTMLOutputElement);
  readonly #seen = element('player-seen', HTMLElement);
  readonly #in = element('player-in', HTMLButtonElement);
  readonly #out = element('player-out', HTMLButtonElement);
  readonly #loop = element('player-loop', HTMLButtonElement);
  readonly #speed = element('player-speed', HTMLSelectElement);

  constructor(
    private readonly player: Player,
    private readonly store: SettingsStore,
  ) {
    this.#bindButtons();
    player.clip$.subscribe((clip) => this.#showClip(clip));
    player.position$.subscribe((position) => position && this.#showPosition(position));
    const settings$ = store.pick$('in', 'out', 'loop', 'speed');
    settings$.subscribe(() => this.#showSettings());
    merge(player.position$, settings$)
      .pipe(auditTime(STRIP_PERIOD))
      .subscribe(() => this.#drawStrip());
    new ResizeObserver(() => this.#drawStrip()).observe(this.#strip);
  }

  #bindButtons(): void {
    const { player } = this;
    const onClick = (id: string, run: () => void) => element(id, HTMLButtonElement).addEventListener('click', run);
    onClick('player-back', () => void player.step(-1));
    onClick('player-next', () => void player.step(1));
    this.#in.addEventListener('click', () => player.togglePoint('in'));
    this.#out.addEventListener('click', () => player.togglePoint('out'));
    this.#loop.addEventListener('click', () => player.toggleLoop());
    this.#speed.replaceChildren(...SPEEDS.map((speed) => new Option(`${speed}×`, String(speed))));
    this.#speed.addEventListener('change', () => player.setSpeed(Number(this.#speed.value)));
    this.#seek.addEventListener('input', () => player.seek(Number(this.#seek.value)));
  }

  #showClip(clip: Clip | undefined): void {
    this.#root.hidden = clip === undefined;
    if (clip) this.#drawStrip();
  }

  #showPosition({ time, duration = 0 }: PlaybackPosition): void {
    const text = `${clock(time)} / ${duration > 0 ? clock(duration).slice(0, -3) : '–'}`;
    this.#time.value = text;
    // The largest value first: the browser limits the value to it.
    this.#seek.max = String(Math.max(duration, time, 0.1));
    this.#seek.value = String(time);
    this.#seek.ariaValueText = text.replace('/', 'of');
  }

  #showSettings(): void {
    const { in: start, out, loop, speed } = this.store.now;
    showPoint(this.#in, 'In point', start);
    showPoint(this.#out, 'Out point', out);
    this.#loop.ariaPressed = String(loop);
    const isListed = [...this.#speed.options].some(({ value }) => value === String(speed));
    if (!isListed) this.#speed.add(new Option(`${speed}×`, String(speed)));
    this.#speed.value = String(speed);
  }

  #drawStrip(): void {
    const { clip } = this.player;
    if (!clip) return;
    const { duration = 0 } = clip.control.position;
    const { in: start, out } = this.store.now;
    drawCoverage(this.#strip, { coverage: clip.coverage, duration, start, end: out > 0 ? out : duration });
    const { tracked, found, covered } = clip.coverage.summary();
    this.#seen.textContent =
      tracked === 0
        ? 'Nothing has been tracked yet.'
        : `Tracked: ${clock(tracked)}. A face was found in ${percent(found)} of that, partly covered in ${percent(covered)}.`;
  }
}

function showPoint(button: HTMLButtonElement, name: string, time: Seconds): void {
  button.ariaPressed = String(time > 0);
  button.ariaLabel = time > 0 ? `${name} ${clock(time)}` : name;
  button.title = time > 0 ? `${name}: ${clock(time)}` : `Set the ${name.toLowerCase()} to the position`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** Minutes, seconds and hundredths: 1:02.50. */
function clock(seconds: Seconds): string {
  const hundredths = Math.floor(seconds * 100 + 1e-6);
  const rest = ((hundredths % 6000) / 100).toFixed(2).padStart(5, '0');
  return `${Math.floor(hundredths / 6000)}:${rest}`;
}
