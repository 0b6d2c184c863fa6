import type { OneEuroSettings } from '../smoothing/one-euro';
import { DEFAULT_RATES, type SmoothingRates, type SmoothingSettings } from '../smoothing/settings';

/** How many times quicker (slower) than the default the quickest (calmest) setting is. */
const SPAN = 6;

/** The filters' rates that settings stand for; balanced ones are the default rates. */
export function ratesOf(settings: SmoothingSettings): SmoothingRates {
  const gain = (value: number) => SPAN ** (2 * value - 1);
  const quicker = (rates: OneEuroSettings, value: number): OneEuroSettings => ({
    ...rates,
    minCutoff: rates.minCutoff * gain(value),
    beta: rates.beta * gain(value),
  });
  const { centre, scale, rotation, person, light, visibility, expression } = DEFAULT_RATES;
  return {
    centre: quicker(centre, settings.translation),
    scale: quicker(scale, settings.translation),
    rotation: quicker(rotation, settings.rotation),
    person: person * gain(settings.albedo),
    light: light * gain(settings.light),
    visibility,
    expression: {
      eyelids: quicker(expression.eyelids, settings.eyes),
      gaze: quicker(expression.gaze, settings.eyes),
      mouth: quicker(expression.mouth, (settings.mouth + settings.jaw) / 2),
      rest: quicker(expression.rest, settings.brows),
    },
  };
}
