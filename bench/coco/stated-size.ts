/** The size of a picture as the annotations state it: their boxes lie in a picture of that size. Runs in Node and in a page. */
export interface StatedSize {
  readonly width?: number | null | undefined
  readonly height?: number | null | undefined
}

interface Size {
  readonly width: number
  readonly height: number
}

/** Sizes that nobody stated fit. */
function isOfSize(picture: Size, { width, height }: StatedSize): boolean {
  return !(width && height) || (picture.width === width && picture.height === height)
}

/**
 * The picture as it is to be shown, or else as it is stored where only that is of the stated size. Throws where neither
 * is: the boxes would lie elsewhere.
 */
export async function ofStatedSize<P extends Size>(
  stated: StatedSize,
  shown: () => Promise<P>,
  stored: () => Promise<P>,
): Promise<P> {
  const first = await shown()
  if (isOfSize(first, stated)) return first
  const second = await stored()
  if (isOfSize(second, stated)) return second
  throw new Error(`it is ${second.width} × ${second.height}, the annotations say ${stated.width} × ${stated.height}`)
}
