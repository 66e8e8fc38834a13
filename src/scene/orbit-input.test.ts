import { expect, it } from 'vitest'
import { OrbitInput } from './orbit-input.ts'
import { OrbitRig } from './orbit-rig.ts'

/** Node warns of as many listeners on one signal as a canvas has; nothing is disposed of here. */
class Canvas extends EventTarget {
  override addEventListener(type: string, run: EventListener): void {
    super.addEventListener(type, run)
  }
}

function keyboard() {
  const element = new Canvas()
  const rig = new OrbitRig(
    { target: [0, 0, 0], headingDeg: 0, elevationDeg: 40, distanceM: 100 },
    { west: -500, east: 500, south: -500, north: 500, maxDistanceM: 1000 },
  )
  const nothing = () => {}
  const input = new OrbitInput(element as unknown as HTMLElement, {
    rig,
    groundAt: () => undefined,
    metresPerPx: () => 1,
    moved: nothing,
    hover: nothing,
    leave: nothing,
    click: nothing,
    band: nothing,
    doubleClick: nothing,
    home: nothing,
    escape: nothing,
  })
  const tell =
    (type: 'keydown' | 'keyup') =>
    (key: string, code: string, shiftKey = false) =>
      element.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), { key, code, shiftKey }))
  return { rig, input, down: tell('keydown'), up: tell('keyup'), leave: () => element.dispatchEvent(new Event('blur')) }
}

it.each([
  ['+', '=', 'Equal'],
  ['_', '-', 'Minus'],
  ['W', 'w', 'KeyW'],
])('lets go of %s whichever of shift and key is released first', (shifted, plain, code) => {
  const { input, down, up } = keyboard()
  for (const [name, shift] of [
    [shifted, true],
    [plain, false],
  ] as const) {
    down('Shift', 'ShiftLeft', true)
    down(shifted, code, true)
    expect(input.step(16)).toBe(true)
    // Held on without the shift key it repeats under its other name.
    if (!shift) {
      up('Shift', 'ShiftLeft')
      down(plain, code)
    }
    up(name, code, shift)
    expect(input.step(16)).toBe(false)
  }
})

it('comes closer while any key for it is held, by name where the keyboard tells no place', () => {
  const { rig, input, down, up, leave } = keyboard()
  down('+', '')
  down('+', 'NumpadAdd')
  up('+', '')
  expect(input.step(100)).toBe(true)
  leave()
  expect(input.step(100)).toBe(false)
  rig.step(5000)
  expect(rig.view.distanceM).toBeLessThan(100)
})
