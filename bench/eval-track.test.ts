import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { evalTrack } from './eval-track.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parkloop-track-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function write(name: string, truth: string, detections: string): Promise<void> {
  for (const [part, text] of [
    ['gt', truth],
    ['det', detections],
  ] as const) {
    await mkdir(join(folder, name, part), { recursive: true })
    await writeFile(join(folder, name, part, `${part}.txt`), text)
  }
}

const walk = (frames: readonly number[], row: (frame: number) => string) => frames.map(row).join('\n')
const frames = Array.from({ length: 30 }, (_, i) => i)
const truth = walk(frames, (frame) => `${frame},1,${100 + 2 * frame},50,30,80,1`)
const found = walk(frames, (frame) => `${frame},-1,${100 + 2 * frame},50,30,80,0.9`)

describe('eval track', () => {
  it('judges what it can and names what it must refuse', async () => {
    await write('Good', truth, found)
    await write('Bad', truth, '1,-1,0,zero,9,9')
    const result = await evalTrack(['--mot', folder])
    expect(result).toMatchObject({
      pass: false,
      sequences: [{ sequence: 'Good', sort: { mota: 100, idf1: 100 } }],
      refused: [{ sequence: 'Bad', why: expect.stringContaining('line 1') }],
    })
    await write('Good', truth, 'nothing')
    await expect(evalTrack(['--mot', folder])).rejects.toThrow(/line 1.*; 1 more refused$/)
  })

  it('ends with boxes that have no height', async () => {
    const flat = walk([0, 1, 2], (frame) => `${frame},-1,400,50,30,0,0.9`)
    await write('Flat', truth, `${found}\n${flat}`)
    expect(await evalTrack(['--mot', folder])).toMatchObject({ sequences: [{ sort: { falsePositives: 0 } }] })
  })
})
