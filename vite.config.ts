import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { parkPlugin } from './src/edge/park-plugin.ts'

export default defineConfig({
  plugins: [react(), parkPlugin()],
  worker: { format: 'es' },
  // Training data and build results are large and change while nobody edits.
  server: { watch: { ignored: ['**/models/training/**', '**/dist/**', '**/.cache/**', '**/test-results/**'] } },
  build: {
    target: 'es2023',
    // The ONNX runtime and three are large by nature; bench/bundle-budget.ts holds the sum.
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: {
        codeSplitting: {
          // A group takes along what its modules import unless a group of higher priority claims it: React is claimed
          // first, or it would travel with three, and the shell would wait for all of three before it shows a line.
          groups: [
            {
              name: 'react',
              test: /node_modules[\\/](react|react-dom|scheduler|zustand|use-sync-external-store)[\\/]/,
              priority: 3,
            },
            {
              name: 'charts',
              test: /node_modules[\\/](recharts|d3-|victory-vendor|@reduxjs|react-redux)/,
              priority: 2,
            },
            // Its loaders come when a model needs them.
            { name: 'three', test: /node_modules[\\/](three[\\/](?!examples)|@react-three)/, priority: 1 },
          ],
        },
      },
    },
  },
  // Its bundles find their WASM by their own address, which pre-bundling would move.
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  test: {
    environment: 'node',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'bench/**/*.test.ts', 'models/**/*.test.ts'],
          exclude: ['**/*.integration.test.ts', '**/node_modules/**'],
          // Half the time goes into loading the same modules anew for each file; nothing here keeps state in a module.
          isolate: false,
          // A test that hangs is told from one on a busy machine.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['src/**/*.integration.test.ts', 'bench/**/*.integration.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
    ],
  },
})
