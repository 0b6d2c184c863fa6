import { element } from './elements';

/** Titled parts of the panel that fill themselves; one without content is not shown. */
export type SectionName = 'view' | 'avatar' | 'filters' | 'events' | 'smoothing' | 'takes';

/** Where a part of the panel puts its controls. */
export function section(name: SectionName): HTMLElement {
  return element(`section-${name}`, HTMLElement);
}
