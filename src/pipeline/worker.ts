import { serveRequests } from './serve-requests';
import { openTracking } from './tracking';

serveRequests(openTracking);
