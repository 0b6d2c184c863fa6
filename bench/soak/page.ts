/** Tells npm run soak the address of its worker, in the document element's data. */
import worker from './soak-worker.ts?worker&url';

document.documentElement.dataset.worker = new URL(worker, document.baseURI).href;
