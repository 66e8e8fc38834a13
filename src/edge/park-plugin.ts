import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin, PreviewServer, ViteDevServer } from 'vite'
import { markBuilt } from './app-build.ts'
import { parseFlags, usage } from './flags.ts'
import { isolationHeaders } from './isolation-headers.ts'
import { ownNames } from './own-page.ts'
import { createParkServer, type ParkServer } from './park-server.ts'
import { generatedSite, generatedSites, siteAddress } from './site-source.ts'
import { reasonOf } from './start-error.ts'

/** Vite plugin: broker and simulated park behind the dev and preview servers, and the models beside the app. */
export function parkPlugin(): Plugin {
  let root = process.cwd()
  return {
    name: 'parkloop',
    config: (_config, { command, isPreview }) => {
      if (command === 'build' || process.env.VITEST) return undefined
      const flags = readFlags()
      // Vite checks names itself, before anything of ours is asked
      const allowedHosts = [...ownNames(flags.host, flags.names)]
      const headers = { ...isolationHeaders }
      const server = { port: flags.port, host: flags.host, strictPort: true, allowedHosts, headers }
      return isPreview ? { preview: server } : { server }
    },
    configResolved: (config) => {
      root = config.root
    },
    configureServer: async (server) => {
      if (process.env.VITEST) return
      server.middlewares.use(serveModels(root))
      await host(server, root)
    },
    configurePreviewServer: (server) => host(server, root),
    generateBundle() {
      for (const fileName of modelFiles(root))
        this.emitFile({ type: 'asset', fileName, source: readFileSync(join(root, fileName)) })
      // for static hosts; too large to be committed, and the same for the same seed
      for (const id of generatedSites) {
        const source = generatedSite(id)
        if (source) this.emitFile({ type: 'asset', fileName: siteAddress(id), source })
      }
    },
    writeBundle: ({ dir }) => {
      if (dir !== undefined) markBuilt(dir)
    },
  }
}

/** Flags after `--` of `npm run dev -- …`: those that Vite does not know by name reach us through its argument list. */
function readFlags() {
  const at = process.argv.indexOf('--')
  const parsed = parseFlags(at < 0 ? [] : process.argv.slice(at + 1), process.env)
  if (parsed.ok && parsed.value !== 'help') return parsed.value
  process.stderr.write(parsed.ok ? usage : `${parsed.error}\n`)
  process.exit(parsed.ok ? 0 : 2)
}

async function host(server: ViteDevServer | PreviewServer, root: string): Promise<void> {
  const { httpServer } = server
  if (!httpServer || !('closeAllConnections' in httpServer)) return
  let park: ParkServer
  try {
    park = await createParkServer(readFlags(), root, (line) => server.config.logger.warn(line))
  } catch (error) {
    server.config.logger.error(reasonOf(error))
    process.exit(1)
  }
  server.middlewares.use((request, response, next) => park.handle(request, response, next))
  park.attach(httpServer)
  httpServer.once('listening', () => void park.listening())
  httpServer.once('close', () => void park.dispose())
}

/** Model folders hold cards and training figures too; the page needs these. */
function modelFiles(root: string): string[] {
  const folder = join(root, 'models')
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'model.json')))
    .flatMap(({ name }) =>
      readdirSync(join(folder, name))
        .filter((file) => file === 'model.json' || file.endsWith('.onnx'))
        .map((file) => `models/${name}/${file}`),
    )
}

function serveModels(root: string) {
  return (
    request: { url?: string | undefined },
    response: import('node:http').ServerResponse,
    next: () => void,
  ): void => {
    const path = decodeURIComponent(request.url?.split('?')[0] ?? '').slice(1)
    if (!modelFiles(root).includes(path)) return next()
    const type = path.endsWith('.json') ? 'application/json' : 'application/octet-stream'
    response.writeHead(200, { ...isolationHeaders, 'Content-Type': type, 'Cache-Control': 'no-cache' })
    createReadStream(join(root, path)).pipe(response)
  }
}
