import { Worker } from 'node:worker_threads'

/** A worker thread from a TypeScript file; Node 20 does not hand tsx on to threads by itself. */
export function startThread(url: URL, workerData: unknown = undefined): Worker {
  const boot = new URL('./ts-thread.boot.mjs', import.meta.url)
  return new Worker(boot, { argv: [url.href], execArgv: [], workerData })
}
