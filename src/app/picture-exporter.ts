import type { CameraFrame } from '../contract/camera.ts'
import type { ExportedPicture, ExportRefusal, ExportRequest, PictureExporter } from '../contract/camera-port.ts'
import type { IntentOutcome } from '../contract/intent-port.ts'
import type { Detection } from '../contract/perception.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { redactRegions } from '../sense/cameras/redact.ts'

export interface ExporterNeeds {
  readonly take: (cameraId: string) => Promise<CameraFrame | undefined>
  /** One look of the detector; undefined when none runs or it failed. The frame is given away. */
  readonly inspect: (frame: CameraFrame) => Promise<readonly Detection[] | undefined>
  readonly encode: (
    frame: CameraFrame,
    regions: ReturnType<typeof redactRegions>,
    caption: string,
    format: ExportRequest['format'],
  ) => Promise<Blob | undefined>
  /** Writes the audit line; refused when nobody would hear it. */
  readonly record: (cameraId: string, detail: string) => IntentOutcome
  readonly personName: string
  readonly utcOffsetMinutes: () => number
}

/**
 * A picture leaves the tab only after the detector looked at this very frame, its finds were blurred, and the audit has a
 * line about it. Where one of these cannot be, nothing leaves.
 */
export function createPictureExporter(needs: ExporterNeeds): PictureExporter {
  return {
    async exportPicture(cameraId, request): Promise<Result<ExportedPicture, ExportRefusal>> {
      const frame = await needs.take(cameraId)
      if (!frame) return err('noPicture')
      const detections = await needs.inspect({ ...frame, rgba: frame.rgba.slice(0) })
      if (!detections) return err('noDetector')
      const regions = redactRegions(detections, frame, request)
      const time = localIso(frame.capturedAtMs, needs.utcOffsetMinutes())
      const caption = request.caption(time.replace('T', ' '), needs.personName)
      const blob = await needs.encode(frame, regions, caption, request.format)
      if (!blob) return err('notEncoded')
      const what = request.wholePersons ? 'whole persons' : 'heads'
      const detail = `picture of ${time} as ${request.format}, ${regions.length} regions blurred (${what} and plates)`
      const recorded = needs.record(cameraId, detail)
      if (!recorded.accepted) return err(recorded.why === 'role' ? 'role' : 'noAudit')
      const fileName = `${cameraId}-${time.replaceAll(':', '')}.${request.format === 'png' ? 'png' : 'jpg'}`
      return ok({ blob, fileName, blurred: regions.length })
    },
  }
}

/** Site time to the second with its offset, as `2026-06-03T09:30:15+08:00`. */
function localIso(atMs: number, utcOffsetMinutes: number): string {
  const local = new Date(atMs + utcOffsetMinutes * 60_000).toISOString().slice(0, 19)
  const minutes = Math.abs(utcOffsetMinutes)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${local}${utcOffsetMinutes < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
