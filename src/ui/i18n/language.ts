export const languages = ['en', 'zh'] as const
export type Language = (typeof languages)[number]

/** Text for people as devices and plans carry it: one string, or one per language. */
export type LocalText = string | { readonly en: string; readonly zh: string }

export function localText(text: LocalText, language: Language): string {
  return typeof text === 'string' ? text : text[language]
}

/** `personInZone` → `Person in zone`: how a word of the open sets on the wire reads when the catalogue lacks it. */
export function humanise(word: string): string {
  const spaced = word
    .replace(/[_:.-]+/g, ' ')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .trim()
  const lowered = spaced.replace(/\b([A-Z])([a-z]+)/g, (_, first: string, rest: string) => first.toLowerCase() + rest)
  return lowered.charAt(0).toUpperCase() + lowered.slice(1)
}

/** What the catalogue has for a word of devices, files and people; undefined for `__proto__` and its like, too. */
export function wordOf<T>(words: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(words, word) ? words[word] : undefined
}

/** A word of an open set in the reader's language, or itself made readable. */
export function wordText(words: Readonly<Record<string, string>>, word: string): string {
  return wordOf(words, word) ?? humanise(word)
}
