import { withFilters } from './choose-filter';
import { readKept } from './kept-settings';
import { startPage } from './page';
import { DEFAULT_SETTINGS, settingsFromQuery } from './settings';

const { settings, complaints } = settingsFromQuery(location.search);
const usual = { ...DEFAULT_SETTINGS, ...(await readKept()) };
startPage({ ...usual, ...withFilters(usual, settings.filter ?? []), ...settings }, complaints);
