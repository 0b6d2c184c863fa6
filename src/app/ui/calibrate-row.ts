import type { Obstacle } from '../../face/resting-face';
import type { Calibration, CalibrationState } from '../readings/calibration';
import { element, make } from './elements';

const OBSTACLES: Readonly<Record<Obstacle, string>> = {
  'no-face': 'No face in view',
  covered: 'Something covers the face',
  turned: 'Look straight ahead',
  moving: 'Keep still, face at rest',
};

/** The button that makes the resting face the zero of expressions, and what it says over the picture. */
export class CalibrateRow {
  readonly #start = make('button', 'button plain small', 'Set resting face');
  readonly #undo = make('button', 'button plain small', 'Undo');
  readonly #text = make('p', 'quiet');
  readonly #over = make('div', 'countdown');

  constructor(parent: HTMLElement, calibration: Calibration) {
    for (const button of [this.#start, this.#undo]) button.type = 'button';
    this.#start.addEventListener('click', () => calibration.toggle());
    this.#undo.addEventListener('click', () => calibration.undo());
    this.#over.ariaLive = 'assertive';
    this.#text.role = 'status';
    parent.append(make('h3', '', 'Resting face'), make('div', 'row', this.#start, this.#undo), this.#text);
    element('stage-area', HTMLElement).append(this.#over);
    calibration.state$.subscribe((state) => this.#write(state));
  }

  #write(state: CalibrationState): void {
    const busy = state.step === 'countdown' || state.step === 'looking';
    this.#start.textContent = busy ? 'Stop' : state.set ? 'Set again' : 'Set resting face';
    this.#undo.hidden = busy || !state.set;
    this.#over.hidden = !busy;
    if (busy) this.#writeOver(state);
    const said = sentence(state);
    if (this.#text.textContent !== said) this.#text.textContent = said;
  }

  #writeOver(state: CalibrationState): void {
    const [big, small] =
      state.step === 'countdown'
        ? [String(state.left), 'Relax your face and look straight ahead']
        : state.step === 'looking'
          ? [`${Math.round(100 * state.share)} %`, state.obstacle ? OBSTACLES[state.obstacle] : 'Keep still']
          : ['', ''];
    if (this.#over.textContent !== `${big}${small}`)
      this.#over.replaceChildren(make('strong', '', big), make('span', '', small));
  }
}

function sentence(state: CalibrationState): string {
  if (state.step === 'failed') return `${OBSTACLES[state.obstacle]}: nothing was changed. Try again.`;
  if (state.step === 'done') return 'Done: your resting face is the zero of all expressions.';
  return state.set
    ? 'Your resting face is taken off the expressions.'
    : 'A second of your face at rest becomes the zero of all expressions.';
}
