import { startPage } from './page';
import { withFilters } from './settings/choose-filter';
import { readKept } from './settings/kept-settings';
import { DEFAULT_SETTINGS, settingsFromQuery } from './settings/settings';

const { settings, complaints } = settingsFromQuery(location.search);
const usual = { ...DEFAULT_SETTINGS, ...(await readKept()) };
startPage({ ...usual, ...withFilters(usual, settings.filter ?? []), ...settings }, complaints);
