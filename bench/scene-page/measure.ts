/** Placeholder signature is filled by bench/scene.ts through the page. */
export function measureInPage(): number {
  return 0
}
