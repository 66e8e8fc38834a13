/**
 * How much memory the inference runtime holds: its WebAssembly heap, which grows and never shrinks. To be imported
 * before the runtime, which makes or exports its memory when it starts.
 */
const memories = new Set<WebAssembly.Memory>()

const { Memory, instantiate } = WebAssembly

/** Bound names of the runtime's glue look these up when it starts, not when it is loaded. */
WebAssembly.Memory = class extends Memory {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor)
    memories.add(this)
  }
}
WebAssembly.instantiate = (async (source: BufferSource, imports?: WebAssembly.Imports) => {
  const made = await instantiate(source, imports)
  for (const exported of Object.values(made.instance.exports)) if (exported instanceof Memory) memories.add(exported)
  return made
}) as typeof WebAssembly.instantiate

/** Of this thread, in megabytes. */
export function engineHeapMb(): number {
  let bytes = 0
  for (const { buffer } of memories) bytes += buffer.byteLength
  return Math.round(bytes / 1e5) / 10
}
