import { type ReactNode, useMemo } from 'react'
import { localOffset } from '../site/time-zone.ts'
import { createFormat } from '../ui/i18n/format.ts'
import { usePreferences, useText } from '../ui/preferences.tsx'
import { createNames } from './names.ts'
import { FormatContext, NamesContext, useTwin } from './use-twin.ts'

/** One directory of names and one set of formatters for all of the console: a park has thousands of things to look up. */
export function WordsProvider({ children }: { readonly children: ReactNode }) {
  const { language } = usePreferences()
  const text = useText()
  const site = useTwin((state) => state.site)
  const devices = useTwin((state) => state.devices)
  const geo = site?.geo
  const format = useMemo(() => createFormat(language, geo ? localOffset(geo) : 0), [language, geo])
  const names = useMemo(
    () => createNames({ language, text, format, site, devices }),
    [language, text, format, site, devices],
  )
  return (
    <FormatContext value={format}>
      <NamesContext value={names}>{children}</NamesContext>
    </FormatContext>
  )
}
