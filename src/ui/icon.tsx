/** Line icons on a 16-pixel grid, drawn for ParkLoop. Decorative: the words beside them carry the name. */
const paths = {
  close: 'M4 4l8 8M12 4l-8 8',
  back: 'M10 3.5L5.5 8l4.5 4.5',
  chevron: 'M6 3.5L10.5 8 6 12.5',
  down: 'M3.5 6L8 10.5 12.5 6',
  up: 'M3.5 10L8 5.5 12.5 10',
  sun: 'M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8L13 13M13 3l-1.2 1.2M4.2 11.8L3 13',
  moon: 'M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z',
  fault: 'M8 2.2l6.3 11.3H1.7zM8 6.4v3.2M8 11.4v.4',
  play: 'M5 3.2v9.6L12.6 8z',
  stop: 'M4.5 4.5h7v7h-7z',
  check: 'M3 8.4l3.3 3.3L13 5',
  undo: 'M3 6.5h6.5a3.5 3.5 0 1 1 0 7H6M5.7 3.5L2.8 6.5l2.9 3',
  source: 'M2 5.500h7M2 5.500l2.500-2.500M2 5.500L4.500 8M14 10.500H7M14 10.500L11.500 8M14 10.500L11.500 13',
  mask: 'M2 4l5-2 7 3v6l-5 3-7-3zM4 5l6 7M7 3.600l6 7.400',
  export: 'M8 2v7.500M4.8 6.500L8 9.700l3.2-3.200M2.5 11.500v2.500h11v-2.500',
  camera: 'M1.8 4.5h8.4v7H1.8zM10.2 7l4-2v6l-4-2',
  bolt: 'M9 1.5L3.5 9H8l-1 5.5L12.5 7H8z',
  leaf: 'M3 13c0-6 3-9.5 10-10 .3 6.5-3 9.5-8 9.500M3 13c1.5-3 3.5-5 6-6.3',
  tree: 'M2.5 3h4v3h-4zM9.5 7.500h4v3h-4zM9.5 12h4v2.500h-4M4.5 6v7.200h5M4.5 9h5',
  list: 'M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.4M2.5 8h.4M2.5 12h.4',
  plan: 'M3.5 2h9v12h-9zM6 5.500h4M6 8h4M6 10.500h2.5',
  command: 'M2 4l4 4-4 4M8 12h6',
  layers: 'M8 2l6 3-6 3-6-3zM2 8l6 3 6-3M2 11l6 3 6-3',
  home: 'M2.5 8L8 3l5.5 5M4 7v6h8V7',
  bookmark: 'M4.5 2.500h7v11L8 10.800 4.500 13.500z',
  plus: 'M8 3v10M3 8h10',
  lens: 'M1.5 8S4 3.800 8 3.800 14.500 8 14.500 8 12 12.200 8 12.200 1.500 8 1.500 8zM8 6.200a1.8 1.8 0 1 1 0 3.600 1.8 1.8 0 0 1 0-3.600z',
  target: 'M8 3.500a4.500 4.500 0 1 1 0 9 4.500 4.500 0 0 1 0-9zM8 1v4M8 11v4M1 8h4M11 8h4',
  device:
    'M4 4h8v8H4zM6.5 1.800V4M9.5 1.800V4M6.5 12v2.200M9.5 12v2.200M1.8 6.500H4M1.8 9.500H4M12 6.500h2.200M12 9.500h2.2',
} as const

export type IconName = keyof typeof paths

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  )
}

/** The mark: four stages of one loop. */
export function BrandMark({ size = 22 }: { readonly size?: number }) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} fill="none" aria-hidden="true" className="brand-mark">
      <path
        d="M12 3a9 9 0 0 1 9 9M21 12a9 9 0 0 1-9 9M12 21a9 9 0 0 1-9-9M3 12a9 9 0 0 1 6.2-8.56"
        stroke="currentColor"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeDasharray="10.5 4"
      />
      <path d="M12 7.500l4 2.300v4.500l-4 2.3-4-2.300V9.800z" fill="currentColor" />
    </svg>
  )
}
