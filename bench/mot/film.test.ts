import { describe, expect, it } from 'vitest'
import { numberedPictures } from './film.ts'

const run = (before: string, from: number, to: number, digits: number, ending: string) =>
  Array.from({ length: to - from + 1 }, (_, i) => `${before}${`${from + i}`.padStart(digits, '0')}${ending}`)

describe('numbered pictures', () => {
  it.each([
    ['MOTChallenge’s', run('', 1, 12, 6, '.jpg'), 1, '%06d.jpg'],
    ['of another ending and length', run('', 1, 12, 8, '.PNG'), 1, '%08d.PNG'],
    ['counted from 0', run('', 0, 12, 6, '.jpeg'), 0, '%06d.jpeg'],
    ['with a name before', run('cam2_', 101, 112, 4, '.jpg'), 101, 'cam2_%04d.jpg'],
    ['without leading zeros', run('frame', 1, 12, 1, '.jpg'), 1, 'frame%d.jpg'],
    ['with a sign that ffmpeg reads', run('50%-', 1, 3, 3, '.jpg'), 1, '50%%-%03d.jpg'],
  ])('%s are found', (_, names, start, form) => {
    expect(numberedPictures(['Thumbs.db', ...names.reverse()])).toEqual({ ok: true, value: { start, form } })
  })

  it('are refused where one is missing, where there are two kinds, and where there are none', () => {
    const names = run('', 1, 12, 6, '.jpg')
    expect(numberedPictures(names.filter((name) => name !== '000005.jpg'))).toEqual({
      ok: false,
      error: 'the picture of number 5 is missing',
    })
    expect(numberedPictures([...names, '000001.png'])).toMatchObject({ ok: false })
    expect(numberedPictures(['readme.txt'])).toEqual({ ok: false, error: 'no numbered pictures' })
  })
})
