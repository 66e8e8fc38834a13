import '../ui/tokens.css'
import { useEffect } from 'react'
import { readersLanguage } from '../ui/preferences.tsx'
import { reloadThisPage } from './reload-when-served.ts'

const words = {
  configMissing: {
    en: [
      'ParkLoop cannot start: it found no config.json next to the page.',
      'Start it with “npm start”, or add ?broker=ws://… to the address. This page asks again every minute.',
    ],
    zh: [
      'ParkLoop 无法启动：页面旁没有 config.json。',
      '请用 “npm start” 启动，或在地址后加上 ?broker=ws://…，页面每分钟重试。',
    ],
  },
  configInvalid: {
    en: [
      'ParkLoop cannot start: its config.json is not valid.',
      'Correct the field named below; this page asks again every minute.',
    ],
    zh: ['ParkLoop 无法启动：config.json 无效。', '请更正下面所示的字段，页面每分钟重试。'],
  },
  stopped: {
    en: ['The console’s page has failed.', 'It loads itself anew in a minute, as soon as its host answers.'],
    zh: ['控制台页面发生故障。', '主机有响应后，页面将在一分钟内自行重新加载。'],
  },
} as const

/**
 * Shown instead of the console where there is nothing to connect to, or nothing left to show. A kiosk, where nobody
 * presses anything, finds back from here: a host that was just starting, or was mended, answers the next time.
 */
export function StartFault({ code, detail }: { readonly code: keyof typeof words; readonly detail: string }) {
  const language = readersLanguage()
  const [what, tip] = words[code][language]
  useEffect(reloadThisPage, [])
  return (
    <main role="alert" style={{ maxWidth: '40rem', margin: '20vh auto', padding: '0 1.5rem', fontFamily: 'system-ui' }}>
      <h1 style={{ fontSize: '1.25rem' }}>{what}</h1>
      <p>{tip}</p>
      <p style={{ opacity: 0.7, fontSize: '0.85rem' }}>{detail}</p>
    </main>
  )
}
