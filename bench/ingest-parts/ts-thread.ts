import { Worker } from 'node:worker_threads'

/** A worker thread from a TypeScript file; Node 20 does not hand tsx on to threads by itself. */
export function startThread(url: URL, workerData: unknown = undefined): Worker {
  const boot = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(url.href)}) })`
  return new Worker(boot, { eval: true, execArgv: [], workerData })
}
