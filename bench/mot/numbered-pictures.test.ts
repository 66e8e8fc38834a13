import { describe, expect, it } from 'vitest'
import { picturesByFrame } from './numbered-pictures.ts'

const run = (before: string, from: number, to: number, digits: number, ending: string) =>
  Array.from({ length: to - from + 1 }, (_, i) => `${before}${`${from + i}`.padStart(digits, '0')}${ending}`)

const fromOne = { firstFrame: 1, frameCount: 12 } as const
const fromZero = { firstFrame: 0, frameCount: 12 } as const

describe('numbered pictures', () => {
  it.each([
    ['MOTChallenge’s', run('', 1, 12, 6, '.jpg'), fromOne],
    ['of another ending and length', run('', 1, 12, 8, '.PNG'), fromOne],
    ['with a name before', run('cam2_', 101, 112, 4, '.jpg'), fromOne],
    ['without leading zeros', run('frame', 1, 12, 1, '.jpg'), fromOne],
    ['counted from 0, boxes from 1', run('', 0, 11, 6, '.jpeg'), fromOne],
    ['counted from 0 like the boxes', run('', 0, 11, 6, '.jpeg'), fromZero],
    ['counted from 1, boxes from 0', run('', 1, 12, 6, '.jpg'), fromZero],
    ['with times', ['1403715273262142976.png', ...run('14037152732', 62142977, 62142987, 8, '.png')], fromOne],
  ])('%s are those of the frames in turn', (_, names, frames) => {
    expect(picturesByFrame(['Thumbs.db', ...[...names].reverse()], frames)).toEqual({ ok: true, value: names })
  })

  it.each([
    ['of boxes counted from 1', run('', 1, 12, 6, '.jpg'), fromOne, [1, 2, 5, 12]],
    ['of boxes counted from 0', run('', 0, 11, 6, '.jpg'), fromZero, [0, 1, 5, 11]],
    ['of boxes counted from 1, pictures from 0', run('', 0, 11, 6, '.jpg'), fromOne, [1, 5, 11]],
  ])('may lack some, %s: no other moves', (_, names, frames, gone) => {
    const missing = gone.map((number) => `${number}`.padStart(6, '0').concat('.jpg'))
    for (const lost of [...missing.map((name) => [name]), missing]) {
      // The lowest number tells how pictures are counted that are counted unlike the boxes.
      const value = names.map((name) => (lost.includes(name) ? undefined : name))
      expect(
        picturesByFrame(
          names.filter((name) => !lost.includes(name)),
          frames,
        ),
      ).toEqual({ ok: true, value })
    }
  })

  it('may be more than there are frames', () => {
    const value = run('', 1, 12, 6, '.jpg')
    expect(picturesByFrame(run('', 1, 15, 6, '.jpg'), fromOne)).toEqual({ ok: true, value })
    expect(picturesByFrame(run('', 1, 15, 6, '.jpg'), fromZero)).toEqual({ ok: true, value })
  })

  it('are refused where two have one number, where there are two kinds, and where there are none', () => {
    const names = run('', 1, 12, 6, '.jpg')
    expect(picturesByFrame([...names, '000001.png'], fromOne)).toMatchObject({ error: expect.stringContaining('same') })
    expect(picturesByFrame([...names, 'cover1.jpg'], fromOne)).toMatchObject({ error: expect.stringContaining('like') })
    expect(picturesByFrame(['readme.txt'], fromOne)).toEqual({ ok: false, error: 'no numbered pictures' })
  })
})
