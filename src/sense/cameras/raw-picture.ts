/** A picture on its way into the desk, before it is pixels of the lens' size. */
export type RawPicture =
  /** JPEG or PNG. */
  | { readonly kind: 'encoded'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** Decoded by the browser. It holds memory of the decoder until it is closed. */
  | {
      readonly kind: 'drawn'
      readonly picture: VideoFrame | ImageBitmap
      /** Wall time since its exposure, where the source tells it. */
      readonly ageMs?: number
    }

/** Gives back what a picture holds that nobody looks at any more. */
export function releasePicture(raw: RawPicture): void {
  if (raw.kind === 'drawn') raw.picture.close()
}
