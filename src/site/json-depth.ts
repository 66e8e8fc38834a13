const [quote, backslash, openList, closeList, openObject, closeObject] = [34, 92, 91, 93, 123, 125]

/** Whether JSON nests deeper than that, found without parsing it: a bomb of brackets costs nothing. */
export function nestsDeeper(json: Uint8Array | string, most: number): boolean {
  const codeAt =
    typeof json === 'string' ? (at: number) => json.charCodeAt(at) : (at: number) => (json as Uint8Array)[at]
  let depth = 0
  let quoted = false
  for (let at = 0; at < json.length; at++) {
    const code = codeAt(at)
    if (quoted) {
      if (code === backslash) at++
      else if (code === quote) quoted = false
    } else if (code === quote) quoted = true
    else if (code === openList || code === openObject) {
      if (++depth > most) return true
    } else if (code === closeList || code === closeObject) depth--
  }
  return false
}
