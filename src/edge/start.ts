/** `npm start`: the console, a broker and a simulated park on one port. */
import { createServer, type Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import sirv from 'sirv'
import { ensureBuilt } from './app-build.ts'
import { type ParkFlags, parseFlags, usage } from './flags.ts'
import { isolationHeaders } from './isolation-headers.ts'
import { createParkServer, type ParkServer } from './park-server.ts'
import { reasonOf, StartError } from './start-error.ts'
import { answerStarting } from './starting-page.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const log = (line: string) => void process.stderr.write(`${line}\n`)

async function start(flags: ParkFlags): Promise<void> {
  const server = createServer()
  server.on('request', answerStarting)
  const port = await listen(server, flags)
  let park: ParkServer | undefined
  const stop = stopper(server, () => park)
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  park = await createParkServer(flags, root, log)
  const files = sirv(await ensureBuilt(root, log), {
    single: true,
    setHeaders: (response, path) => {
      for (const [name, value] of Object.entries(isolationHeaders)) response.setHeader(name, value)
      const immutable = path.startsWith('/assets/')
      response.setHeader('Cache-Control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  server.off('request', answerStarting)
  server.on('request', (request, response) => {
    park?.handle(request, response, () => {
      files(request, response, () => {
        response.writeHead(404, isolationHeaders).end('not found')
      })
    })
  })
  park.attach(server)
  await park.listening()
  for (const note of park.notes) log(note)
  const shownHost = flags.host === '0.0.0.0' || flags.host === '::' ? 'localhost' : flags.host
  process.stdout.write(`ParkLoop: http://${shownHost.includes(':') ? `[${shownHost}]` : shownHost}:${port}\n`)
}

function listen(server: Server, { port, host }: ParkFlags): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const taken = 'code' in error && error.code === 'EADDRINUSE'
      reject(
        new StartError(
          taken
            ? `port ${port} on ${host} is taken; choose another with --port`
            : `cannot listen on ${host}:${port}: ${reasonOf(error)}`,
        ),
      )
    })
    server.listen(port, host, () => {
      const address = server.address()
      resolve(address && typeof address === 'object' ? address.port : port)
    })
  })
}

function stopper(server: Server, park: () => ParkServer | undefined): () => void {
  return () => {
    // Whatever hangs, Ctrl-C ends within two seconds.
    setTimeout(() => process.exit(0), 1800).unref()
    server.close()
    Promise.resolve(park()?.dispose()).then(
      () => {
        server.closeAllConnections()
        process.exit(0)
      },
      (error: unknown) => {
        log(reasonOf(error))
        process.exit(1)
      },
    )
  }
}

const parsed = parseFlags(process.argv.slice(2), process.env)
if (!parsed.ok) {
  log(parsed.error)
  process.exit(2)
} else if (parsed.value === 'help') process.stdout.write(usage)
else
  start(parsed.value).catch((error: unknown) => {
    log(
      error instanceof StartError
        ? error.message
        : error instanceof Error
          ? (error.stack ?? error.message)
          : String(error),
    )
    process.exit(1)
  })
