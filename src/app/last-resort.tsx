import { Component, type ReactNode, useEffect } from 'react'
import { reloadThisPage } from './reload-when-served.ts'
import { StartFault } from './start-fault.tsx'

/** Where a failure ends that no part kept to itself: a kiosk, where nobody presses anything, finds back from there. */
export class LastResort extends Component<{ readonly children: ReactNode }, { readonly detail?: string }> {
  override state: { readonly detail?: string } = {}

  static getDerivedStateFromError(error: unknown) {
    return { detail: String(error) }
  }

  override render() {
    const { detail } = this.state
    return detail === undefined ? this.props.children : <Stopped detail={detail} />
  }
}

function Stopped({ detail }: { readonly detail: string }) {
  useEffect(reloadThisPage, [])
  return <StartFault code="stopped" detail={detail} />
}
