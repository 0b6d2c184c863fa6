import { readKept } from './kept-settings';
import { startPage } from './page';
import { DEFAULT_SETTINGS, settingsFromQuery } from './settings';

const { settings, complaints } = settingsFromQuery(location.search);
startPage({ ...DEFAULT_SETTINGS, ...(await readKept()), ...settings }, complaints);
