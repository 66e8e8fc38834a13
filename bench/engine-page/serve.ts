import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { createServer, type ViteDevServer } from 'vite'

const root = resolve(import.meta.dirname, '../..')

/** Serves this folder's page on loopback, and the files of `files` by their address, e.g. `/files/0.jpg`. */
export async function serveEnginePage(
  files: ReadonlyMap<string, string>,
): Promise<{ readonly url: string; readonly server: ViteDevServer }> {
  const server = await createServer({
    configFile: false,
    root: import.meta.dirname,
    cacheDir: resolve(root, 'node_modules/.vite-engine-page'),
    logLevel: 'error',
    optimizeDeps: { exclude: ['onnxruntime-web'] },
    worker: { format: 'es' },
    plugins: [
      {
        name: 'files',
        configureServer: ({ middlewares }) => {
          middlewares.use((request, response, next) => {
            const path = files.get(request.url ?? '')
            if (path === undefined) return next()
            createReadStream(path)
              .on('error', () => response.writeHead(404).end())
              .pipe(response)
          })
        },
      },
    ],
    server: {
      headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
      host: '127.0.0.1',
      port: 0,
      fs: { allow: [root] },
      hmr: false,
    },
  })
  await server.listen()
  const address = server.httpServer?.address()
  if (!address || typeof address === 'string') throw new Error('the page server has no port')
  return { url: `http://127.0.0.1:${address.port}/`, server }
}
