import { Component, type ComponentType, lazy, type ReactNode, useEffect } from 'react'
import { Button } from './button.tsx'
import { useText } from './preferences.tsx'

/** How often somebody has pressed “Try again” on this page. */
let presses = 0

/**
 * Like `lazy`, which remembers for good that its code did not arrive; here it is asked for anew once somebody has
 * pressed “Try again”. Needs a `Suspense` and a `Boundary` above.
 */
export function fetched<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let failedAt: number | undefined
  const ask = () =>
    lazy(() =>
      load().then(
        (part) => ({ default: part as ComponentType<object> }),
        (fault: unknown) => {
          failedAt = presses
          throw fault
        },
      ),
    )
  let Part = ask()
  return function Fetched(props: P) {
    if (failedAt !== undefined && failedAt !== presses) {
      failedAt = undefined
      Part = ask()
    }
    return <Part {...props} />
  }
}

interface BoundaryState {
  readonly failed: boolean
  readonly tried: boolean
}

interface BoundaryProps {
  readonly children: ReactNode
  /** Begins what helps without anybody there, and returns what ends it. */
  readonly heal?: () => () => void
}

/** Keeps the failure of a part to that part: its place says so, all around goes on. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { failed: false, tried: false }

  static getDerivedStateFromError(): Partial<BoundaryState> {
    return { failed: true }
  }

  readonly tryAgain = () => {
    presses++
    this.setState({ failed: false, tried: true })
  }

  override render() {
    const { children, heal } = this.props
    return this.state.failed ? <Missing tried={this.state.tried} onTry={this.tryAgain} heal={heal} /> : children
  }
}

interface MissingProps {
  readonly heal: BoundaryProps['heal']
  readonly tried: boolean
  onTry(): void
}

function Missing({ tried, onTry, heal }: MissingProps) {
  const text = useText().common
  useEffect(() => heal?.(), [heal])
  return (
    <div className="empty missing" role="alert">
      <p className="empty-title">{text.partMissing}</p>
      <p className="empty-body">{text.restGoesOn}</p>
      <Button small onClick={onTry}>
        {text.tryAgain}
      </Button>
      {/* A host that was rebuilt has the code under other names, and older browsers remember that a file was missing. */}
      {tried && (
        <Button small onClick={() => window.location.reload()}>
          {text.reload}
        </Button>
      )}
    </div>
  )
}
