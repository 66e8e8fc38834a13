import { AlertDialog } from '@base-ui/react/alert-dialog'
import { Dialog } from '@base-ui/react/dialog'
import type { ReactElement, ReactNode } from 'react'
import { Boundary } from './boundary.tsx'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'

interface DrawerProps {
  readonly trigger: ReactElement
  readonly title: string
  readonly closeLabel: string
  readonly children: ReactNode
}

/** A panel that slides in from the right over the page. */
export function Drawer({ trigger, title, closeLabel, children }: DrawerProps) {
  return (
    <Dialog.Root>
      <Dialog.Trigger render={trigger} />
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="drawer">
          <header className="drawer-head">
            <Dialog.Title className="drawer-title">{title}</Dialog.Title>
            <Dialog.Close className="button button-quiet button-icon" aria-label={closeLabel}>
              <Icon name="close" />
            </Dialog.Close>
          </header>
          <div className="drawer-body">
            <Boundary>{children}</Boundary>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

interface FormDialogProps {
  readonly open: boolean
  readonly title: string
  readonly closeLabel: string
  /** Room for a picture. */
  readonly wide?: boolean
  readonly children: ReactNode
  onClose(): void
}

/** A task of its own over the page; what it offers to do stands in its children. */
export function FormDialog({ open, title, closeLabel, wide = false, children, onClose }: FormDialogProps) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className={wide ? 'dialog dialog-wide' : 'dialog'}>
          <header className="dialog-head">
            <Dialog.Title className="dialog-title">{title}</Dialog.Title>
            <Dialog.Close className="button button-quiet button-icon" aria-label={closeLabel}>
              <Icon name="close" />
            </Dialog.Close>
          </header>
          <Boundary>{children}</Boundary>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

interface ConfirmProps {
  readonly open: boolean
  readonly title: string
  readonly body: ReactNode
  readonly confirmLabel: string
  readonly cancelLabel: string
  readonly danger?: boolean
  onConfirm(): void
  onCancel(): void
}

/** Asks before something that is not easily taken back. */
export function ConfirmDialog(props: ConfirmProps) {
  return (
    <AlertDialog.Root open={props.open} onOpenChange={(open) => !open && props.onCancel()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title className="dialog-title">{props.title}</AlertDialog.Title>
          <AlertDialog.Description render={<div />} className="dialog-body">
            {props.body}
          </AlertDialog.Description>
          <div className="dialog-actions">
            <Button onClick={props.onCancel}>{props.cancelLabel}</Button>
            <Button tone={props.danger ? 'danger' : 'primary'} onClick={props.onConfirm}>
              {props.confirmLabel}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
