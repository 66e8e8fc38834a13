import type { DetectionManifest } from './detector-manifest.ts'
import { checkManifest } from './model-manifest.ts'

/** A manifest of a 32 × 16 network for two classes, with the given output and other fields replaced. */
export function testManifest(
  output: Record<string, unknown>,
  { input = {}, ...rest }: Record<string, unknown> & { readonly input?: Record<string, unknown> } = {},
): DetectionManifest {
  const checked = checkManifest({
    name: 'test',
    version: '1',
    task: 'detection',
    file: 'test.onnx',
    bytes: 1,
    sha256: '0'.repeat(64),
    licence: 'MIT',
    input: { name: 'images', shape: [1, 3, 16, 32], ...input },
    output: { layout: 'decoded', ...('levels' in output || 'boxes' in output ? {} : { name: 'out' }), ...output },
    classes: ['person', 'car'],
    ...rest,
  })
  if (!checked.ok) throw new Error(checked.error.message)
  if (checked.value.task !== 'detection') throw new Error('not a detector')
  return checked.value
}
