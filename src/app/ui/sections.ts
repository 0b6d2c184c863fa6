import { element } from './elements';

/** The sections of the panel that code fills. CSS hides an empty one. */
export type SectionName =
  | 'view'
  | 'avatar'
  | 'filters'
  | 'events'
  | 'smoothing'
  | 'clip'
  | 'takes'
  | 'recordings'
  | 'output'
  | 'storage';

/** The element that receives the controls of a section. */
export function section(name: SectionName): HTMLElement {
  const found = element(`section-${name}`, HTMLElement);
  const reflect = () => found.closest('details')?.classList.toggle('filled', found.hasChildNodes());
  new MutationObserver(reflect).observe(found, { childList: true });
  return found;
}
