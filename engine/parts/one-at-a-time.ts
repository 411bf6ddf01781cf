/** Runs tasks one after the other, in the order they came. A task that fails does not stop the next. */
export class OneAtATime {
  private last: Promise<unknown> = Promise.resolve()

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.last.then(task, task)
    this.last = result.catch(() => {})
    return result
  }
}
