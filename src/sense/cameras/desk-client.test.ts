import { describe, expect, it } from 'vitest'
import { DeskClient, type DeskWorker } from './desk-client.ts'

describe('desk client', () => {
  it('answers and tells where the worker’s code did not arrive, but not of an error that the worker survives', async () => {
    const worker: DeskWorker = { postMessage: () => {}, terminate: () => {}, onmessage: null, onerror: null }
    const desk = new DeskClient(worker)
    const told: string[] = []
    desk.subscribe(({ type }) => told.push(type))
    const taken = desk.take('a')
    worker.onerror?.({ message: 'Uncaught RangeError' } as ErrorEvent)
    expect(told).toEqual([])
    worker.onerror?.({} as ErrorEvent)
    expect(told).toEqual(['failed'])
    expect(await taken).toBeUndefined()
    expect(await desk.take('a')).toBeUndefined()
  })
})
