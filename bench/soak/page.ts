/** Publishes the address of the soak's worker in the document element's data; `npm run soak` reads it. */
import worker from './soak-worker.ts?worker&url';

document.documentElement.dataset.worker = new URL(worker, document.baseURI).href;
