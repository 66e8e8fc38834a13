import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface ParkServer {
  readonly url: string
  readonly mqttUrl: string
  /** All that it printed, for failing tests. */
  readonly output: () => string
  stop(): Promise<void>
  /** SIGKILL: what a power cut does. */
  kill(): Promise<void>
}

/** `npm start` with flags, on a port of its own choosing unless `--port` is given; resolves once it printed its address. */
export function startPark(...flags: string[]): Promise<ParkServer> {
  const args = ['--import', 'tsx', 'src/edge/start.ts', ...(flags.includes('--port') ? [] : ['--port', '0']), ...flags]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  return new Promise((resolve, reject) => {
    const failed = (why: string) => reject(new Error(`the park did not start: ${why}\n${output}`))
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      failed('no address within 120 s')
    }, 120_000)
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    child.on('error', (error) => failed(error.message))
    child.on('exit', (code) => failed(`exit code ${code}`))
    createInterface({ input: child.stdout }).on('line', (line) => {
      output += `${line}\n`
      const url = /https?:\/\/[\d.[\]:a-z]+/i.exec(line)?.[0]
      if (!url) return
      clearTimeout(timer)
      resolve({
        url,
        mqttUrl: `${url.replace(/^http/, 'ws')}/mqtt`,
        output: () => output,
        stop: () => end(child, 'SIGINT'),
        kill: () => end(child, 'SIGKILL'),
      })
    })
  })
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const hard = setTimeout(() => child.kill('SIGKILL'), 5000)
    child.once('exit', () => {
      clearTimeout(hard)
      resolve()
    })
    child.kill(signal)
  })
}
