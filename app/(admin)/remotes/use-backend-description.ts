'use client'

import { useEffect, useState } from 'react'
import type { BackendDescription } from '@/core/remotes/describe-backend'
import type { Backend } from '@/protocol/remotes'
import { describeBackendAction } from './actions'
import type { TestWorker } from './remote-test'

/** `null`: no worker said anything yet. `away`: none could be asked, so that only names can be shown. */
export type Described = BackendDescription | 'away' | null

/** What the rclone of the worker that was seen last says of a backend, asked once `wanted`. */
export function useBackendDescription(backend: Backend, workers: TestWorker[], wanted: boolean): Described {
  const [described, setDescribed] = useState<Described>(null)
  const workerId = workers[0]?.id
  useEffect(() => {
    if (!wanted) return
    let isShown = true
    const form = new FormData()
    form.set('testWorkerId', workerId ?? '')
    form.set('backend', backend)
    const ask = workerId ? describeBackendAction(form).catch(() => null) : Promise.resolve(null)
    void ask.then((answer) => {
      if (isShown) setDescribed(answer?.ok ? answer.description : 'away')
    })
    return () => {
      isShown = false
    }
  }, [backend, workerId, wanted])
  return described
}
