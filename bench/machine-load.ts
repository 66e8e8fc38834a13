import { availableParallelism, loadavg } from 'node:os'

/** Printed with figures that depend on time: a busy machine is slower, and a reader should know that it was. */
export function machineLoad(): { readonly load1: number; readonly cores: number } {
  return { load1: Math.round((loadavg()[0] ?? 0) * 10) / 10, cores: availableParallelism() }
}
