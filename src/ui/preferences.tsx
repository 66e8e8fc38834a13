import { createContext, type ReactNode, useContext, useEffect, useLayoutEffect, useMemo, useState } from 'react'
import { type Catalogue, en } from './i18n/en.ts'
import { type Language, languages } from './i18n/language.ts'
import { zh } from './i18n/zh.ts'
import { remember, remembered } from './remembered.ts'

const themes = ['dark', 'light'] as const
export type Theme = (typeof themes)[number]

interface Preferences {
  readonly language: Language
  readonly theme: Theme
  setLanguage(language: Language): void
  setTheme(theme: Theme): void
}

const PreferencesContext = createContext<Preferences | undefined>(undefined)

const catalogues: Record<Language, Catalogue> = { en, zh }

/** As chosen here before, or else the browser's own. */
export function readersLanguage(): Language {
  return remembered('language', languages) ?? (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en')
}

/** Language and theme of this browser, kept between visits and written to the document. */
export function PreferencesProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(readersLanguage)
  const [theme, setTheme] = useState<Theme>(() => remembered('theme', themes) ?? 'dark')
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
    remember('language', language)
  }, [language])
  // Before the effects of those within, who read their colours from the page.
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme
    remember('theme', theme)
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
