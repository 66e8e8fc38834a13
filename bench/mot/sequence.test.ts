import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { annotatedFrames, byFrame, parseMotRows, readSequence, truthFrames } from './sequence.ts'

const rowsOf = (text: string) => {
  const rows = parseMotRows(text)
  if (!rows.ok) throw new Error(rows.error)
  return rows.value
}

describe('a MOTChallenge file', () => {
  it('gives boxes by frame, the first frame being 1', () => {
    const frames = byFrame(rowsOf('2,7,10,20,30,40,0.9,-1,-1,-1\n\n1,-1,1.5,2,3,4\n9,1,0,0,1,1,1\n'), 2)
    expect(frames).toEqual([
      [{ id: -1, score: 1, box: { x: 1.5, y: 2, width: 3, height: 4 } }],
      [{ id: 7, score: 0.9, box: { x: 10, y: 20, width: 30, height: 40 } }],
    ])
  })

  it('does not ask for what the truth flags with 0, nor for classes other than pedestrians', () => {
    const mot15 = rowsOf('1,1,0,0,9,9,1,-3.1,16.3,0.4\n1,2,0,0,9,9,0,-1.4,9.0,0.6')
    expect(truthFrames(mot15, 1)[0]?.map(({ id }) => id)).toEqual([1])
    const mot16 = rowsOf('1,1,0,0,9,9,1,1,0.8\n1,2,0,0,9,9,1,3,1\n1,3,0,0,9,9,0,1,1')
    expect(truthFrames(mot16, 1)[0]?.map(({ id }) => id)).toEqual([1])
  })

  it('has a class in its eighth column where there are eight or nine, unless that is −1', () => {
    const idsOf = (text: string) => truthFrames(rowsOf(text), 1)[0]?.map(({ id }) => id)
    expect(idsOf('1,1,0,0,9,9,1,1\n1,2,0,0,9,9,1,3')).toEqual([1])
    expect(idsOf('1,1,0,0,9,9,1,-1,-1\n1,2,0,0,9,9,1,-1')).toEqual([1, 2])
    expect(idsOf('1,1,0,0,9,9\n1,2,0,0,9,9,1\n1,3,0,0,9,9,1,4.5,5.5,0')).toEqual([1, 2, 3])
  })

  it('keeps what distractors there are, whatever their flag; vehicles without a motor are some in MOT20', () => {
    const rows = rowsOf('1,1,0,0,9,9,1,1,1\n1,2,0,0,9,9,0,7,1\n1,3,0,0,9,9,1,8,1\n1,4,0,0,9,9,0,6,1')
    const marks = (name: string) => annotatedFrames(rows, 1, name)[0]?.map(({ distractor }) => distractor)
    expect(marks('MOT17-02')).toEqual([false, true, true, false])
    expect(marks('MOT20-01')).toEqual([false, true, true, true])
  })

  it.each([
    '1,7,10,20,30,40,0.9',
    ' 1, 7, 10, 20, 30, 40, 0.9 \r',
    '1 7 10 20 30 40 0.9',
    '1.0,7.0,1e1,20.00,30,40,.9,',
    '\uFEFF1\t7\t10\t20\t30\t40\t0.9,,',
  ])('takes a row written as “%s”', (line) => {
    expect(rowsOf(line)).toMatchObject([{ frame: 1, id: 7, score: 0.9, box: { x: 10, y: 20, width: 30, height: 40 } }])
  })

  it('does not let a column slip into the place of an empty one', () => {
    expect(parseMotRows('1,7,10,,30,40,0.9')).toMatchObject({ ok: false })
  })

  it('names the line that is no row', () => {
    expect(parseMotRows('1,1,0,0,9,9\n1,1,0,x,9,9')).toEqual({ ok: false, error: 'line 2 is not six or more numbers' })
    expect(parseMotRows('0,1,0,0,9,9')).toEqual({ ok: false, error: 'line 1: frame 0 is not 1…1000000' })
  })
})

describe('a sequence', () => {
  let folder = ''
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'parkloop-mot-')), 'Street-1')
    await mkdir(join(folder, 'gt'), { recursive: true })
    await writeFile(join(folder, 'gt', 'gt.txt'), '1,1,0,0,9,9,1,1,1\n12,1,0,0,9,9,1,1,1\n')
  })
  afterEach(() => rm(join(folder, '..'), { recursive: true }))

  const noted = async (text: string) => {
    await writeFile(join(folder, 'seqinfo.ini'), text)
    return readSequence(folder)
  }

  it('without seqinfo.ini is as long as its truth, and of no size that anybody knows', async () => {
    const { name, frameCount, sizePx, framesPerS } = await readSequence(folder)
    expect([name, frameCount, sizePx, framesPerS]).toEqual(['Street-1', 12, undefined, undefined])
  })

  it('is what seqinfo.ini says, however that is written', async () => {
    const text =
      '\uFEFF[Sequence]\r\nname=X\r\nimdir = pictures\r\nFrameRate=29.97\r\nseqLength=20\r\nimWidth=640\r\nimheight=480\r\n'
    expect(await noted(text)).toMatchObject({
      name: 'X',
      framesPerS: 29.97,
      frameCount: 20,
      sizePx: { width: 640, height: 480 },
      imageFolder: join(folder, 'pictures'),
    })
  })

  it.each(['seqLength=x179', 'seqLength=1e12', 'seqLength=178.5', 'frameRate=0', 'imWidth=-640'])(
    'is refused where seqinfo.ini says %s',
    async (line) => {
      await expect(noted(`[Sequence]\n${line}\n`)).rejects.toThrow(`seqinfo.ini: ${line.replace('=', ' is ')}`)
    },
  )

  it.each(['', '1,1,0,0,9,9,0,1,1', '1,1,0,0,9,9,1,3,1'])(
    'is refused where nobody is to be found: “%s”',
    async (text) => {
      await writeFile(join(folder, 'gt', 'gt.txt'), text)
      await expect(readSequence(folder)).rejects.toThrow('is of a person who is to be found')
    },
  )
})
