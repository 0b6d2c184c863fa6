import type { TakeState, Takes } from '../stage/takes';
import { make } from './elements';

/** The buttons for photos and videos, with the time that a take has run. */
export class TakesPanel {
  readonly #record = make('button', 'button plain small');
  readonly #time = make('output', 'quiet');
  readonly #sign: HTMLButtonElement;
  readonly #microphone = make('input');

  /** `sign`: a button over the picture that is shown while a take runs, and ends it. */
  constructor(root: HTMLElement, sign: HTMLButtonElement, takes: Takes) {
    const photo = make('button', 'button plain small', 'Photo');
    for (const button of [photo, this.#record]) button.type = 'button';
    photo.addEventListener('click', () => void takes.photo());
    this.#record.addEventListener('click', () => void takes.toggle());
    this.#sign = sign;
    sign.addEventListener('click', () => void takes.stop());
    this.#microphone.type = 'checkbox';
    const microphone = make('label', 'switch', make('span', '', 'Microphone with the camera'), this.#microphone);
    root.append(make('div', 'row', photo, this.#record, this.#time), microphone);
    takes.state$.subscribe((state) => this.#show(state));
  }

  get microphone(): boolean {
    return this.#microphone.checked;
  }

  #show({ phase, seconds, bytes }: TakeState): void {
    const recording = phase === 'recording';
    this.#record.textContent = { idle: 'Record', starting: 'Starting …', recording: 'Stop', saving: 'Saving …' }[phase];
    this.#record.disabled = phase === 'saving';
    this.#record.classList.toggle('recording', recording);
    this.#time.value = recording ? `${clock(seconds)} · ${(bytes / 2 ** 20).toFixed(1)} MB` : '';
    this.#sign.hidden = !recording;
    this.#sign.textContent = clock(seconds);
    Object.assign(document.documentElement.dataset, { take: phase, takeSeconds: seconds.toFixed(2) });
  }
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
