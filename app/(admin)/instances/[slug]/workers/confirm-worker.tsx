import { ActionForm } from '@/components/form/action-form'
import { SubmitButton } from '@/components/form/submit-button'
import { confirmWorkerAction } from './actions'

/** The fingerprint to compare with the one on the host, and the button that makes the worker active. */
export function ConfirmWorker({ workerId, fingerprint }: { workerId: string; fingerprint: string }) {
  return (
    <div className="space-y-4">
      <div>
        <p className="text-muted text-sm">The command has printed a fingerprint on the host. Is it this one?</p>
        <p className="mt-2 w-fit rounded-lg bg-surface-muted px-4 py-2.5 font-mono text-base tracking-wide">
          {fingerprint}
        </p>
      </div>
      <ActionForm action={confirmWorkerAction}>
        <input type="hidden" name="workerId" value={workerId} />
        <input type="hidden" name="fingerprint" value={fingerprint} />
        <SubmitButton>It is the same: confirm</SubmitButton>
      </ActionForm>
      <p className="text-muted text-sm">If it differs, somebody else used the token: revoke the worker instead.</p>
    </div>
  )
}
