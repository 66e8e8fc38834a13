import { Button } from '../../ui/button.tsx'
import { wordOf, wordText } from '../../ui/i18n/language.ts'
import { Icon } from '../../ui/icon.tsx'
import { useText } from '../../ui/preferences.tsx'
import { usePorts } from '../ports.tsx'
import { useTwin } from '../use-twin.ts'

/** What is wrong with a camera's source, what to do, and a way not to wait for the next attempt. */
export function CameraFaultNote({ cameraId }: { readonly cameraId: string }) {
  const text = useText()
  const { cameraControls } = usePorts()
  const fault = useTwin((state) => state.cameras.get(cameraId)?.fault)
  const code = fault?.code
  return (
    <div className="camera-fault-place" role="status">
      {code !== undefined && (
        <div className={code === 'camera.noWorld' ? 'camera-fault camera-fault-note' : 'camera-fault'}>
          <b className="camera-fault-head">
            <Icon name="fault" size={13} />
            {text.cameras.fault(wordText(text.faults.codes, code))}
          </b>
          <p>{wordOf(text.faults.tips, code) ?? text.faults.anyTip}</p>
          {code !== 'camera.noWorld' && (
            <Button small onClick={() => cameraControls.retry(cameraId)}>
              {text.common.tryAgain}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}
