import { startPage } from './page';
import { withFilters } from './settings/choose-filter';
import { readStoredSettings } from './settings/kept-settings';
import { DEFAULT_SETTINGS, settingsFromQuery } from './settings/settings';

const { settings, warnings } = settingsFromQuery(location.search);
const stored = { ...DEFAULT_SETTINGS, ...(await readStoredSettings()) };
startPage({ ...stored, ...withFilters(stored, settings.filter ?? []), ...settings }, warnings);
