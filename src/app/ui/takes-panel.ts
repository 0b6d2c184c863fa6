import type { BehaviorSubject } from 'rxjs';
import { clock } from '../readings/clock';
import type { TakeState, Takes } from '../stage/takes';
import { make } from './elements';

/** The controls for photos and videos, and the length of the running recording. */
export class TakesPanel {
  readonly #record = make('button', 'button plain small');
  readonly #time = make('output', 'quiet');

  /**
   * `sign`: a button over the picture, shown during a recording; a click ends it. `microphone$` receives the choice.
   */
  constructor(
    root: HTMLElement,
    private readonly sign: HTMLButtonElement,
    takes: Takes,
    microphone$: BehaviorSubject<boolean>,
  ) {
    const photo = make('button', 'button plain small', 'Photo');
    for (const button of [photo, this.#record]) button.type = 'button';
    photo.addEventListener('click', () => void takes.takePhoto());
    this.#record.addEventListener('click', () => void takes.toggleRecording());
    sign.addEventListener('click', () => void takes.stop());
    const microphone = make('input');
    microphone.type = 'checkbox';
    microphone.addEventListener('change', () => microphone$.next(microphone.checked));
    const microphoneRow = make(
      'label',
      'switch',
      make('span', '', 'Record the microphone with the camera'),
      microphone,
    );
    root.append(make('div', 'row', photo, this.#record, this.#time), microphoneRow);
    takes.state$.subscribe((state) => this.#showState(state));
  }

  #showState({ phase, seconds, bytes }: TakeState): void {
    const recording = phase === 'recording';
    this.#record.textContent = { idle: 'Record', starting: 'Starting …', recording: 'Stop', saving: 'Saving …' }[phase];
    this.#record.disabled = phase === 'saving';
    this.#record.classList.toggle('recording', recording);
    this.#time.value = recording ? `${clock(seconds)} · ${(bytes / 2 ** 20).toFixed(1)} MB` : '';
    this.sign.hidden = !recording;
    this.sign.textContent = clock(seconds);
    Object.assign(document.documentElement.dataset, { take: phase, takeSeconds: seconds.toFixed(2) });
  }
}
