import type { IncomingMessage, ServerResponse } from 'node:http'
import { isolationHeaders } from './isolation-headers.ts'

/** Seconds after which whoever came too early asks again. */
const retryS = 2

const page = `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta http-equiv="refresh" content="${retryS}">
  <meta name="color-scheme" content="dark light">
  <title>ParkLoop</title>
  <body style="display:grid;place-content:center;height:90vh;font:16px/1.6 system-ui;text-align:center">
    <p>ParkLoop is starting …<br><span lang="zh">正在启动…</span></p>
  </body>
</html>
`

/**
 * Answers who comes before the park stands and the console is built. A server without a listener leaves a request
 * unanswered, and a kiosk that starts together with it would wait for minutes before an empty page.
 */
export function answerStarting(_request: IncomingMessage, response: ServerResponse): void {
  response
    .writeHead(503, {
      ...isolationHeaders,
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'Retry-After': String(retryS),
    })
    .end(page)
}
