import { resolve } from 'node:path'
import type { Page } from '@playwright/test'
import react from '@vitejs/plugin-react'
import { createServer, type ViteDevServer } from 'vite'

/** Opens the page and waits until its picture stands still; an error of the page ends the wait and is thrown. */
export async function openScenePage(page: Page, address: string, timeoutMs = 900_000): Promise<void> {
  const broken = new Promise<never>((_, reject) => page.once('pageerror', reject))
  await page.goto(address)
  await Promise.race([page.waitForSelector('html[data-ready]', { timeout: timeoutMs }), broken])
}

/** Serves this folder's page on loopback; the site files come from `public`. */
export async function serveScenePage(): Promise<{ readonly url: string; readonly server: ViteDevServer }> {
  const server = await createServer({
    configFile: false,
    root: import.meta.dirname,
    publicDir: resolve(import.meta.dirname, '../../public'),
    cacheDir: resolve(import.meta.dirname, '../../node_modules/.vite-scene-page'),
    plugins: [react()],
    logLevel: 'error',
    // Isolation gives the page's clock its full resolution.
    server: {
      headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
      host: '127.0.0.1',
      port: 0,
      fs: { allow: [resolve(import.meta.dirname, '../..')] },
    },
  })
  await server.listen()
  const address = server.httpServer?.address()
  if (!address || typeof address === 'string') throw new Error('the page server has no port')
  return { url: `http://127.0.0.1:${address.port}/`, server }
}
