import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { type Catalogue, en } from './i18n/en.ts'
import { type Language, languages } from './i18n/language.ts'
import { zh } from './i18n/zh.ts'

export const themes = ['dark', 'light'] as const
export type Theme = (typeof themes)[number]

interface Preferences {
  readonly language: Language
  readonly theme: Theme
  setLanguage(language: Language): void
  setTheme(theme: Theme): void
}

const PreferencesContext = createContext<Preferences | undefined>(undefined)

const catalogues: Record<Language, Catalogue> = { en, zh }

/** Language and theme of this browser, kept between visits and written to the document. */
export function PreferencesProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(
    () => stored('parkloop.language', languages) ?? (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'),
  )
  const [theme, setTheme] = useState<Theme>(() => stored('parkloop.theme', themes) ?? 'dark')
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
    store('parkloop.language', language)
  }, [language])
  useEffect(() => {
    document.documentElement.dataset.theme = theme
    store('parkloop.theme', theme)
  }, [theme])
  const value = useMemo(() => ({ language, theme, setLanguage, setTheme }), [language, theme])
  return <PreferencesContext value={value}>{children}</PreferencesContext>
}

export function usePreferences(): Preferences {
  const preferences = useContext(PreferencesContext)
  if (!preferences) throw new Error('usePreferences needs a PreferencesProvider above')
  return preferences
}

/** The catalogue of the reader's language. */
export function useText(): Catalogue {
  return catalogues[usePreferences().language]
}

function stored<T extends string>(key: string, allowed: readonly T[]): T | undefined {
  try {
    const value = localStorage.getItem(key)
    return allowed.find((word) => word === value)
  } catch {
    return undefined
  }
}

/** Storage may be forbidden or full; the choice then lasts for this visit. */
function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {}
}
