import { Toast } from '@base-ui/react/toast'
import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'

type ToastTone = 'info' | 'good' | 'warning' | 'critical'

interface ToastRequest {
  /** Names it, so that it can be taken back. */
  readonly id?: string
  readonly title: string
  readonly body?: string
  readonly tone?: ToastTone
  readonly action?: { readonly label: string; run(): void }
}

/** Shows a passing notice; also spoken by screen readers. */
export function useToast(): (request: ToastRequest) => void {
  const manager = Toast.useToastManager()
  // The same notice again renews the one on screen.
  return ({ title, body, tone = 'info', action, id = `${title}/${body ?? ''}` }) => {
    manager.add({
      id,
      title,
      description: body,
      type: tone,
      priority: tone === 'critical' ? 'high' : 'low',
      timeout: tone === 'critical' ? 9000 : 5000,
      actionProps: action && {
        children: action.label,
        onClick: () => {
          action.run()
          manager.close(id)
        },
      },
    })
  }
}

/** Takes a notice back that has become idle. */
export function useTakeBackToast(): (id: string) => void {
  const { close } = Toast.useToastManager()
  return close
}

interface ToastProviderProps {
  readonly closeLabel: string
  readonly children: ReactNode
}

export function ToastProvider({ closeLabel, children }: ToastProviderProps) {
  return (
    <Toast.Provider limit={3}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="toast-viewport">
          <ToastList closeLabel={closeLabel} />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function ToastList({ closeLabel }: { readonly closeLabel: string }) {
  const { toasts } = Toast.useToastManager()
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className={`toast toast-${toast.type ?? 'info'}`}>
      <Toast.Content className="toast-content">
        <div className="toast-text">
          <Toast.Title className="toast-title" />
          <Toast.Description className="toast-body" />
        </div>
        {toast.actionProps && <Toast.Action className="button button-small" />}
        <Toast.Close className="button button-quiet button-icon button-small" aria-label={closeLabel}>
          <Icon name="close" size={14} />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ))
}
