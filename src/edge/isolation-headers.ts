export const isolationHeaders: Readonly<Record<string, string>> = {
  // Together they give the page `crossOriginIsolated`, without which WASM has one thread and clocks are coarse.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
}
