import { useEffect, useMemo, useState } from 'react'
import { createPortal } from 'react-dom'
import { type Calibrated, type CalibrationWish, calibrate, pointsNeeded } from '../../site/calibration.ts'
import type { Camera } from '../../site/schema.ts'
import { IconButton } from '../../ui/button.tsx'
import { Switch } from '../../ui/inputs.tsx'
import { useText } from '../../ui/preferences.tsx'
import { usePorts } from '../ports.tsx'
import { useNames, useTwin } from '../use-twin.ts'
import { CalibrationFields } from './calibration-fields.tsx'
import { type CalibrationPairs, given, noPairs, type OpenPair, withoutPair } from './calibration-pairs.ts'
import { CalibrationPicture } from './calibration-picture.tsx'
import { CalibrationResult } from './calibration-result.tsx'

interface CalibrationPanelProps {
  readonly cameraId: string
  onClose(): void
}

/** Points of the ground, clicked in the picture and in the park, tell where a camera stands and looks. */
export function CalibrationPanel({ cameraId, onClose }: CalibrationPanelProps) {
  const text = useText()
  const names = useNames()
  const site = useTwin((state) => state.site)
  const camera = site?.cameras.find(({ id }) => id === cameraId)
  return createPortal(
    <section
      className="calibration"
      aria-label={text.calibration.title(names.thing(cameraId))}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <header className="dialog-head">
        <h2 className="dialog-title">{text.calibration.title(names.thing(cameraId))}</h2>
        <IconButton icon="close" label={text.common.close} onClick={onClose} />
      </header>
      {camera && <CalibrationWork camera={camera} />}
    </section>,
    document.body,
  )
}

function CalibrationWork({ camera }: { readonly camera: Camera }) {
  const words = useText().calibration
  const ports = usePorts()
  const [pairs, setPairs] = useState<CalibrationPairs>(noPairs)
  const [wish, setWish] = useState<CalibrationWish>({ viewAngle: false, distortion: false })
  const [applied, setApplied] = useState<Camera | undefined>()
  const give = (part: OpenPair) => setPairs((before) => given(before, part))
  useEffect(() => {
    const round = (metres: number) => Math.round(metres * 100) / 100
    const { pickGround } = ports.views.getState()
    pickGround(([east, north]) => setPairs((before) => given(before, { eastM: round(east), northM: round(north) })))
    return () => pickGround(undefined)
  }, [ports.views])
  const solved = useMemo(() => calibrate(camera, pairs.done, wish), [camera, pairs.done, wish])
  return (
    <>
      <p className="form-note">{nextStep(words, pairs)}</p>
      <CalibrationPicture cameraId={camera.id} pairs={pairs} lens={camera.lens} onPoint={(x, y) => give({ x, y })} />
      <CalibrationFields open={pairs.open} onGiven={give} />
      <PairList
        pairs={pairs}
        solved={solved.ok ? solved.value : undefined}
        onRemove={(index) => setPairs(withoutPair(pairs, index))}
      />
      <div className="calibration-wishes">
        {(['viewAngle', 'distortion'] as const).map((key) => (
          <span key={key}>
            <Switch
              label={words.wishes[key]}
              checked={wish[key]}
              onChange={(checked) => setWish({ ...wish, [key]: checked })}
            />
            {words.wishes[key]}
          </span>
        ))}
      </div>
      {solved.ok ? (
        <CalibrationResult
          solved={solved.value}
          onApply={() => {
            ports.calibrate(solved.value.camera)
            setApplied(solved.value.camera)
          }}
        />
      ) : (
        <p className={solved.error === 'tooFew' ? 'form-note' : 'form-problem'} role="status">
          {words.problems[solved.error](pointsNeeded(wish) - pairs.done.length)}
        </p>
      )}
      {applied && (
        <p className="form-note" role="status">
          {words.applied}
        </p>
      )}
    </>
  )
}

function nextStep(words: ReturnType<typeof useText>['calibration'], { open, done }: CalibrationPairs): string {
  if (open.x !== undefined) return words.clickPark(done.length + 1)
  if (open.eastM !== undefined) return words.clickPicture(done.length + 1)
  return words.clickEither(done.length + 1)
}

interface PairListProps {
  readonly pairs: CalibrationPairs
  readonly solved: Calibrated | undefined
  onRemove(index: number): void
}

function PairList({ pairs, solved, onRemove }: PairListProps) {
  const words = useText().calibration
  if (pairs.done.length === 0) return null
  return (
    <ol className="calibration-pairs" aria-label={words.points}>
      {pairs.done.map(({ x, y, at }, index) => {
        const error = solved?.errors[index]
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a point's number is its name
          <li key={index}>
            <span className="calibration-number">{index + 1}</span>
            <span>{words.pair(x.toFixed(0), y.toFixed(0), at[0].toFixed(1), at[1].toFixed(1))}</span>
            <span className="calibration-error">
              {error && words.error(error.px.toFixed(1), error.groundM?.toFixed(2))}
            </span>
            <IconButton icon="close" label={words.remove(index + 1)} onClick={() => onRemove(index)} />
          </li>
        )
      })}
    </ol>
  )
}
