/** For whatever holds a camera's picture: it leaves the tab by export, blurred and on record, not by "Save image as". */
export const staysInTab = {
  onContextMenu: (event: { preventDefault(): void }) => event.preventDefault(),
}
