import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { annotatedFrames, byFrame, findSequences, parseMotRows, readSequence, truthFrames } from './sequence.ts'

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

  it.each(['1,7,10,20,30,40', '1,7,10,20,30,40,', '1,7,10,20,30,40,sure', '1,7,10,20,30,40,,Person sitting,nan'])(
    'takes what is no number after the sixth column for nothing said: “%s”',
    (line) => {
      const frame = { id: 7, score: 1, box: { x: 10, y: 20, width: 30, height: 40 } }
      expect(truthFrames(rowsOf(line), 1)).toEqual([[frame]])
    },
  )

  it('does not let a column slip into the place of an empty one', () => {
    expect(parseMotRows('1,7,10,,30,40,0.9')).toMatchObject({ ok: false })
  })

  it('names the line that is no row', () => {
    expect(parseMotRows('1,1,0,0,9,9\n1,1,0,x,9,9')).toEqual({
      ok: false,
      error: 'line 2 does not begin with six numbers',
    })
    expect(parseMotRows('-1,1,0,0,9,9')).toEqual({ ok: false, error: 'line 1: frame -1 is not 0…1000000' })
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

  const detected = async (text: string) => {
    await mkdir(join(folder, 'det'), { recursive: true })
    await writeFile(join(folder, 'det', 'det.txt'), text)
    return readSequence(folder)
  }

  it('may be counted from 0: boxes and detections move together, whichever of them begins with it', async () => {
    const frames = (boxes: readonly (readonly unknown[])[]) => boxes.flatMap((one, i) => (one.length > 0 ? [i] : []))
    const fromTruth = await detected('1,-1,0,0,9,9,.5\n')
    expect([fromTruth.firstFrame, fromTruth.frameCount]).toEqual([1, 12])
    const fromDetections = await detected('0,-1,0,0,9,9,.5\n3,-1,0,0,9,9,.5\n')
    expect([fromDetections.firstFrame, fromDetections.frameCount]).toEqual([0, 13])
    expect(frames(fromDetections.truth)).toEqual([1, 12])
    expect(frames(fromDetections.annotated)).toEqual([1, 12])
    expect(fromDetections.detections.ok && frames(fromDetections.detections.value)).toEqual([0, 3])
    await writeFile(join(folder, 'gt', 'gt.txt'), '0,1,0,0,9,9\n12,1,0,0,9,9\n')
    const both = await detected('3,-1,0,0,9,9,.5\n')
    expect([frames(both.truth), both.detections.ok && frames(both.detections.value)]).toEqual([[0, 12], [3]])
  })

  it('has no boxes without width or height', async () => {
    await writeFile(join(folder, 'gt', 'gt.txt'), '1,1,0,0,9,9\n2,1,0,0,9,0\n3,1,0,0,-9,9\n')
    const { truth, frameCount, detections } = await detected('1,-1,0,0,9,0,.5\n1,-1,5,0,9,9,.5\n')
    expect([truth.flat().length, frameCount]).toEqual([1, 1])
    expect(detections).toMatchObject({ value: [[{ box: { x: 5 } }]] })
  })

  it('tells why it has no detections', async () => {
    expect((await readSequence(folder)).detections).toEqual({
      ok: false,
      error: expect.stringContaining('is not there'),
    })
    expect((await detected('1,x\n')).detections).toEqual({
      ok: false,
      error: expect.stringContaining('det.txt: line 1'),
    })
  })

  it('is found three levels down and behind links, once, and never for ever', async () => {
    const above = join(folder, '..')
    const deep = join(above, 'MOT', 'train', 'Deep-1')
    await mkdir(join(deep, 'gt'), { recursive: true })
    await writeFile(join(deep, 'gt', 'gt.txt'), '1,1,0,0,9,9\n')
    await mkdir(join(above, 'MOT', 'a', 'b', 'c', 'gt'), { recursive: true })
    await writeFile(join(above, 'MOT', 'a', 'b', 'c', 'gt', 'gt.txt'), '1,1,0,0,9,9\n')
    const mot = join(above, 'MOT')
    await symlink(folder, join(mot, 'Linked-1'))
    await symlink(mot, join(mot, 'itself'))
    await symlink(join(mot, 'nowhere'), join(mot, 'broken'))
    const found = [join(mot, 'Linked-1'), join(mot, 'train', 'Deep-1'), join(mot, 'a', 'b', 'c')]
    expect((await findSequences(mot)).sort()).toEqual(found.sort())
    expect(await findSequences(deep)).toEqual([deep])
    expect((await findSequences(above)).map((path) => path.slice(above.length + 1))).toEqual([
      'Street-1',
      join('MOT', 'train', 'Deep-1'),
    ])
    await expect(findSequences(join(deep, 'gt'))).rejects.toThrow('no gt/gt.txt here nor 3 levels below')
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
