import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const truth = {
  images: [{ id: 1, file_name: 'broken.json' }],
  annotations: [{ image_id: 1, category_id: 1, bbox: [0, 0, 9, 9], area: 81, iscrowd: 0 }],
  categories: [{ id: 1, name: 'person' }],
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parkloop-run-'))
  await writeFile(join(folder, 'truth.json'), JSON.stringify(truth))
  await writeFile(join(folder, 'broken.json'), '{"images": ')
  await writeFile(join(folder, 'model.json'), '{}')
})
afterAll(() => rm(folder, { recursive: true }))

function command(...args: string[]): Promise<{ readonly code: unknown; readonly said: string }> {
  const given = args.map((arg) => arg.replace('TMP', folder))
  return new Promise((resolve) =>
    execFile('npx', ['tsx', 'bench/run.ts', ...given], (error, _, said) => resolve({ code: error?.code ?? 0, said })),
  )
}

describe('eval and bench', () => {
  it.each([
    ['eval detect --coco TMP/none.json --images TMP', 'none.json'],
    ['eval detect --coco TMP/broken.json --images TMP', 'broken.json'],
    ['eval detect --coco TMP/truth.json --images TMP --model TMP', 'TMP: '],
    ['eval detect --coco TMP/truth.json --imagse TMP', '--imagse'],
    ['eval track --mot TMP/none', 'TMP/none'],
    ['eval vision --episodes few', '--episodes few'],
    ['bench twin --nosuch', '--nosuch'],
    ['bench nosuch', 'nosuch'],
  ])('%s: one line and 1', { timeout: 60_000 }, async (line, about) => {
    const { code, said } = await command(...line.split(' '))
    expect(said).toContain(about.replace('TMP', folder))
    expect(said.trim().split('\n')).toHaveLength(1)
    expect(code).toBe(1)
  })
})
