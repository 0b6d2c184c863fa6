import { markStart } from '../pipeline/start-marks';
import { startPage } from './page';
import { withFilters } from './settings/choose-filter';
import { settingsFromQuery } from './settings/read-settings';
import { DEFAULT_SETTINGS } from './settings/settings';
import { readStoredSettings } from './settings/stored-settings';

markStart('script');
const { settings, warnings } = settingsFromQuery(location.search);
const base = { ...DEFAULT_SETTINGS, ...(await readStoredSettings()) };
startPage({ ...base, ...withFilters(base, settings.filter ?? []), ...settings }, warnings);
