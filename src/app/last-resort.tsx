import { Component, type ReactNode } from 'react'
import { StartFault } from './start-fault.tsx'

/** Where a failure ends that no part kept to itself. */
export class LastResort extends Component<{ readonly children: ReactNode }, { readonly detail?: string }> {
  override state: { readonly detail?: string } = {}

  static getDerivedStateFromError(error: unknown) {
    return { detail: String(error) }
  }

  override render() {
    const { detail } = this.state
    return detail === undefined ? this.props.children : <StartFault code="stopped" detail={detail} />
  }
}
