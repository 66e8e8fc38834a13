import { useState } from 'react'
import type { Calibrated } from '../../site/calibration.ts'
import type { Camera } from '../../site/schema.ts'
import { Button } from '../../ui/button.tsx'
import { useText } from '../../ui/preferences.tsx'

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits))
/** A fixed number of digits, and no minus before nothing. */
const fixed = (value: number, digits: number): string => (rounded(value, digits) + 0).toFixed(digits)

/** What goes into the site file in place of the camera's pose and lens. */
export function posePatch({ id, at, headingDeg, pitchDeg, rollDeg, lens, poseSigma }: Camera): string {
  const patch = {
    id,
    at: at.map((metres) => rounded(metres, 3)),
    headingDeg: rounded(headingDeg, 3),
    pitchDeg: rounded(pitchDeg, 3),
    rollDeg: rounded(rollDeg, 3),
    lens: { ...lens, hfovDeg: rounded(lens.hfovDeg, 3), k1: rounded(lens.k1, 5) },
    ...(poseSigma && {
      poseSigma: {
        positionM: rounded(poseSigma.positionM, 3),
        headingDeg: rounded(poseSigma.headingDeg, 3),
        pitchDeg: rounded(poseSigma.pitchDeg, 3),
      },
    }),
  }
  return JSON.stringify(patch, undefined, 2)
}

interface CalibrationResultProps {
  readonly solved: Calibrated
  onApply(): void
}

/** The pose that was found, how far it misses the points, and what can be done with it. */
export function CalibrationResult({ solved, onApply }: CalibrationResultProps) {
  const text = useText()
  const words = text.calibration
  const [copied, setCopied] = useState<string | undefined>()
  const { camera, errors, rmsPx } = solved
  const patch = posePatch(camera)
  const onGround = errors.flatMap(({ groundM }) => groundM ?? [])
  const worstM = onGround.length > 0 ? Math.max(...onGround) : undefined
  const [east, north, up] = camera.at
  const download = () => {
    const address = URL.createObjectURL(new Blob([patch], { type: 'application/json' }))
    const link = document.createElement('a')
    link.href = address
    link.download = `${camera.id}.pose.json`
    link.click()
    URL.revokeObjectURL(address)
  }
  return (
    <section className="calibration-result" aria-label={words.result}>
      <p role="status">{words.misses(rmsPx.toFixed(1), worstM?.toFixed(2))}</p>
      <dl>
        <dt>{words.position}</dt>
        <dd>{words.metres(fixed(east, 2), fixed(north, 2), fixed(up, 2))}</dd>
        <dt>{words.angles}</dt>
        <dd>{words.degrees(fixed(camera.headingDeg, 1), fixed(camera.pitchDeg, 1), fixed(camera.rollDeg, 1))}</dd>
        <dt>{words.lens}</dt>
        <dd>{words.lensIs(fixed(camera.lens.hfovDeg, 1), fixed(camera.lens.k1, 3))}</dd>
        {camera.poseSigma && (
          <>
            <dt>{words.sure}</dt>
            <dd>{words.sigma(camera.poseSigma.positionM.toFixed(2), camera.poseSigma.headingDeg.toFixed(2))}</dd>
          </>
        )}
      </dl>
      <div className="dialog-actions">
        <Button
          small
          onClick={() =>
            void navigator.clipboard.writeText(patch).then(
              () => setCopied(patch),
              () => setCopied(undefined),
            )
          }
        >
          {copied === patch ? words.copied : words.copy}
        </Button>
        <Button small onClick={download}>
          {words.download}
        </Button>
        <Button small tone="primary" onClick={onApply}>
          {words.apply}
        </Button>
      </div>
    </section>
  )
}
