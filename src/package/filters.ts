/** The filters of the page. Their pictures are files of the package. */
import { FILTER_FILES } from 'virtual:filters';
import { beard as beardFilter } from '../filters/beard';
import { halfMask as halfMaskFilter } from '../filters/half-mask';
import { lens } from '../filters/lens';
import { makeup as makeupFilter } from '../filters/makeup';
import { paint as paintFilter } from '../filters/paint';
import { relight as relightFilter } from '../filters/relight';
import type { Filter } from '../render/filter-api';

/** The filter with the addresses of its files, which are looked up when they are loaded. */
function shipped(filter: Filter): Filter {
  return {
    ...filter,
    get assets() {
      const files = FILTER_FILES();
      return Object.fromEntries(Object.entries(filter.assets ?? {}).map(([name, file]) => [name, files[file] ?? file]));
    },
  };
}

export { glasses } from '../filters/glasses';
export { hat } from '../filters/hat';
export { lens };
/** A full beard. */
export const beard: Filter = /* @__PURE__ */ shipped(beardFilter);
/** A Venetian mask. */
export const halfMask: Filter = /* @__PURE__ */ shipped(halfMaskFilter);
/** Make-up on eyes, lips and cheeks. */
export const makeup: Filter = /* @__PURE__ */ shipped(makeupFilter);
/** A tiger, painted on the skin. */
export const paint: Filter = /* @__PURE__ */ shipped(paintFilter);
/** A light bulb that lights the face. */
export const relight: Filter = /* @__PURE__ */ shipped(relightFilter);
