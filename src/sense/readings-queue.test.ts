import { expect, test } from 'vitest'
import { fairShare, ReadingsQueue } from './readings-queue.ts'

test('gives rows back in order, in buffers of their own', () => {
  const queue = new ReadingsQueue(100)
  for (let i = 0; i < 5; i++) queue.push(i, i * 10, 1000 + i, i % 3, 0)
  const first = queue.take(3)
  const rest = queue.take(100)
  expect(first?.count).toBe(3)
  expect([...(first?.indices ?? [])]).toEqual([0, 1, 2])
  expect([...(rest?.values ?? [])]).toEqual([30, 40])
  expect([...(rest?.atMs ?? [])]).toEqual([1003, 1004])
  expect([...(rest?.quality ?? [])]).toEqual([0, 1])
  expect(queue.take(1)).toBeUndefined()
})

test('survives any interleaving of filling and emptying without losing a row below its cap', () => {
  const queue = new ReadingsQueue(20_000)
  let pushed = 0
  let taken = 0
  for (let round = 0; round < 300; round++) {
    for (let i = 0; i < (round * 37) % 257; i++) queue.push(0, pushed++, pushed, 0, 1)
    const block = queue.take((round * 53) % 211)
    for (const value of block?.values ?? []) expect(value).toBe(taken++)
  }
  expect(queue.length).toBe(pushed - taken)
  expect(queue.droppedTotal).toBe(0)
})

test('a flood from one device drops its own oldest readings and nobody else’s', () => {
  const queue = new ReadingsQueue(10_000)
  for (let i = 0; i < 200; i++) queue.push(7, i, i, 0, 7)
  for (let i = 0; i < 100_000; i++) queue.push(1, i, i, 0, 1)
  expect(queue.length).toBeLessThanOrEqual(10_000)
  expect(queue.droppedTotal + queue.length).toBe(100_200)
  const block = queue.take(10_000)
  const mine = [...(block?.values ?? [])].filter((_, row) => block?.indices[row] === 7)
  expect(mine).toEqual(Array.from({ length: 200 }, (_, i) => i))
  expect(block?.values[block.count - 1]).toBe(99_999)
})

test('a fair share leaves small senders whole', () => {
  expect(fairShare([10, 1000, 1000], 1010)).toBe(500)
  expect(fairShare([10, 20], 100)).toBe(Number.POSITIVE_INFINITY)
  expect(fairShare([100, 100, 100, 100], 200)).toBe(50)
})
