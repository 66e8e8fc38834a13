import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'
import { Refusal } from './refusal.ts'

const systemPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Chromium by PARKLOOP_CHROMIUM, the system's, or Playwright's own; throws one line that says how to get one. */
export function findChromium(): string {
  const named = process.env.PARKLOOP_CHROMIUM
  if (named) {
    if (existsSync(named)) return named
    throw new Refusal(`PARKLOOP_CHROMIUM names ${named}, which does not exist`)
  }
  const found = [...systemPaths, chromium.executablePath()].find((path) => existsSync(path))
  if (found) return found
  throw new Refusal(
    'no Chromium found: install one (Debian: apt-get install chromium; elsewhere: npx playwright install chromium) or name it in PARKLOOP_CHROMIUM',
  )
}

/** Headless on a machine without a GPU: WebGL and WebGPU on SwiftShader, no chatter to the network. */
export const chromiumArgs = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-quic',
  '--no-first-run',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-unsafe-swiftshader',
]
