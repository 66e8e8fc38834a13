import { defineConfig } from '@playwright/test'
import { chromiumArgs, findChromium } from './bench/chromium.ts'

// Drawing on the CPU is slow: one worker, a small viewport, the floor quality tier; patience instead of sleeps.
export default defineConfig({
  testDir: 'e2e',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  outputDir: 'test-results',
  use: {
    viewport: { width: 960, height: 600 },
    launchOptions: { executablePath: findChromium(), args: chromiumArgs },
    trace: 'off',
    screenshot: 'only-on-failure',
  },
})
