/** What the page draws while allocations are measured: the page's settings, and what its document data shows when ready. */
export const LOOKS = {
  face: { settings: { look: 'face' } },
  none: { settings: { look: 'none' } },
  avatar: { settings: { look: 'avatar' }, ready: { avatar: 'Character' } },
  'studio-transparent': {
    settings: { look: 'avatar', place: 'studio', backdrop: 'transparent' },
    ready: { avatar: 'Character' },
  },
  'studio-blur': { settings: { look: 'avatar', place: 'studio', backdrop: 'blur' }, ready: { avatar: 'Character' } },
  'three-filters': {
    settings: { look: 'none', filter: 'glasses,makeup,half-mask' },
    ready: { filters: 'glasses,makeup,half-mask' },
  },
};
