import { parentPort, workerData } from 'node:worker_threads';
import { reconcileFile } from './reconcile.ts';

parentPort?.postMessage(reconcileFile(workerData));
