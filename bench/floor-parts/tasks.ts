/** Tasks of the page's main thread, out of a Chromium trace. */
export interface MainThreadTask {
  readonly wallMs: number
  /** Processor time of the thread itself: what is left when others take the core away does not count. */
  readonly cpuMs: number
}

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly dur?: number
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

export function mainThreadTasks(trace: Buffer): MainThreadTask[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: readonly TraceEvent[] }
  const mains = new Set(
    traceEvents
      .filter((e) => e.name === 'thread_name' && e.args?.name === 'CrRendererMain')
      .map((e) => `${e.pid}/${e.tid}`),
  )
  return traceEvents
    .filter((e) => /RunTask$/.test(e.name) && e.ph === 'X' && mains.has(`${e.pid}/${e.tid}`))
    .map((e) => ({ wallMs: (e.dur ?? 0) / 1000, cpuMs: (e.tdur ?? 0) / 1000 }))
}
