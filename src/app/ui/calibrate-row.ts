import type { Obstacle } from '../../face/resting-face';
import type { Calibration, CalibrationState } from '../readings/calibration';
import { element, make } from './elements';

/** What to do while measuring. */
const INSTRUCTIONS: Readonly<Record<Obstacle, string>> = {
  'no-face': 'Move your face into view',
  covered: 'Uncover your face',
  turned: 'Look straight ahead',
  moving: 'Keep still and relax your face',
};

/** Why measuring failed. */
const REASONS: Readonly<Record<Obstacle, string>> = {
  'no-face': 'no face was in view',
  covered: 'something covered the face',
  turned: 'the face was turned away',
  moving: 'the face moved',
};

/** The buttons that set the resting face, and the countdown over the picture. */
export class CalibrateRow {
  readonly #start = make('button', 'button plain small', 'Set resting face');
  readonly #undo = make('button', 'button plain small', 'Undo');
  readonly #text = make('p', 'quiet');
  readonly #overlay = make('div', 'countdown');

  constructor(parent: HTMLElement, calibration: Calibration) {
    for (const button of [this.#start, this.#undo]) button.type = 'button';
    this.#start.addEventListener('click', () => calibration.toggle());
    this.#undo.addEventListener('click', () => calibration.undo());
    this.#overlay.ariaLive = 'assertive';
    this.#text.role = 'status';
    parent.append(make('h3', '', 'Resting face'), make('div', 'row', this.#start, this.#undo), this.#text);
    element('stage', HTMLCanvasElement).parentElement?.append(this.#overlay);
    calibration.state$.subscribe((state) => this.#showState(state));
  }

  #showState(state: CalibrationState): void {
    const isRunning = state.step === 'countdown' || state.step === 'measuring';
    this.#start.textContent = isRunning ? 'Stop' : state.isSet ? 'Set again' : 'Set resting face';
    this.#undo.hidden = isRunning || !state.isSet;
    this.#overlay.hidden = !isRunning;
    const [large, small] = overlayTexts(state);
    if (this.#overlay.textContent !== `${large}${small}`)
      this.#overlay.replaceChildren(make('strong', '', large), make('span', '', small));
    const status = statusText(state);
    if (this.#text.textContent !== status) this.#text.textContent = status;
  }
}

function overlayTexts(state: CalibrationState): readonly [large: string, small: string] {
  if (state.step === 'countdown') return [String(state.secondsLeft), 'Relax your face and look straight ahead'];
  if (state.step !== 'measuring') return ['', ''];
  return [`${Math.round(100 * state.share)} %`, state.obstacle ? INSTRUCTIONS[state.obstacle] : 'Keep still'];
}

function statusText(state: CalibrationState): string {
  if (state.step === 'failed') return `The resting face was not set: ${REASONS[state.obstacle]}. Try again.`;
  if (state.step === 'done') return 'The resting face is set. Expressions are measured relative to it.';
  return state.isSet
    ? 'Expressions are measured relative to your resting face.'
    : 'Relax your face for one second. Expressions are then measured relative to it.';
}
