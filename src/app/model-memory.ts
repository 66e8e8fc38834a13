/** The imported detector, kept in this browser for the next visit (IndexedDB: it may be a hundred megabytes). */

export interface KeptModel {
  readonly name: string
  readonly manifestText: string
  readonly weights: Blob
}

const place = { database: 'parkloop-models', store: 'models', key: 'detection' } as const

/** Undefined where nothing is kept or storage is forbidden. */
export async function recallModel(): Promise<KeptModel | undefined> {
  const kept: unknown = await inStore('readonly', (store) => store.get(place.key)).catch(() => undefined)
  return isKept(kept) ? kept : undefined
}

/** False where storage is forbidden or full: the model then lasts for this visit. */
export function keepModel(model: KeptModel): Promise<boolean> {
  return inStore('readwrite', (store) => store.put(model, place.key)).then(
    () => true,
    () => false,
  )
}

export async function forgetModel(): Promise<void> {
  await inStore('readwrite', (store) => store.delete(place.key)).catch(() => undefined)
}

function isKept(value: unknown): value is KeptModel {
  if (typeof value !== 'object' || value === null) return false
  const { name, manifestText, weights } = value as Record<string, unknown>
  return typeof name === 'string' && typeof manifestText === 'string' && weights instanceof Blob
}

async function inStore(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  const opening = indexedDB.open(place.database, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(place.store)
  const database = await settled(opening)
  try {
    return await settled(ask(database.transaction(place.store, mode).objectStore(place.store)))
  } finally {
    database.close()
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('the browser’s database refused'))
  })
}
