/** Whether somebody decides something (a dialog is open) or has typed what is not yet sent (components/form/action-form.tsx). */
export function isInHand(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"], form[data-unsent]') !== null
}
