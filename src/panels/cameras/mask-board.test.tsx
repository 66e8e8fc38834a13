import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it, vi } from 'vitest'
import { maskRuns } from '../../site/camera-mask.ts'
import { en } from '../../ui/i18n/en.ts'
import { MaskBoard } from './mask-board.tsx'
import { beginDraft } from './mask-draft.ts'

vi.mock('../ports.tsx', () => ({ usePorts: () => ({ cameraView: { subscribeFrames: () => () => {} } }) }))
vi.mock('../use-twin.ts', () => ({ usePictureSize: () => ({ width: 100, height: 100 }) }))
vi.mock('../../ui/preferences.tsx', () => ({ useText: () => en }))

describe('the board on which masks are drawn', () => {
  it('shows an outline that crosses itself as it will mask', () => {
    const star = [0, 2, 4, 1, 3].map((corner) => {
      const angle = (corner / 5) * 2 * Math.PI
      return [0.5 + 0.4 * Math.sin(angle), 0.5 - 0.4 * Math.cos(angle)] as const
    })
    const middle = 50 * 100 + 50
    const runs = maskRuns([star], 100, 100)
    const masked = [...runs.keys()].some((i) => i % 2 === 0 && middle >= (runs[i] ?? 0) && middle < (runs[i + 1] ?? 0))
    const board = renderToStaticMarkup(
      <MaskBoard cameraId="a" siteMasks={[star]} draft={beginDraft([])} onDraft={() => {}} />,
    )
    expect(board.includes('fill-rule="evenodd"')).toBe(!masked)
  })
})
