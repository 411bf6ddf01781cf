import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ratio } from './ratios'

export type Memory = { of: 'backup' | 'restore'; megabytes: number; peakBytes: number }

/** Of the worker and all its children together, whatever the size of the data. */
export const memoryGoalBytes = 250 * 1024 ** 2

export function printTable(ratios: Ratio[], memory: Memory[]): void {
  const rows = ratios.map((ratio) => [
    ratio.what,
    figure(ratio.ourSeconds),
    figure(ratio.ourCpuSeconds),
    figure(ratio.otherSeconds),
    figure(ratio.otherCpuSeconds),
    figure(ratio.ratio),
    ratio.goal === null ? '' : `<= ${ratio.goal} ${verdict(ratio.ratio, ratio.goal)}`,
  ])
  printRows([['', 'ours s', 'CPU s', 'other s', 'CPU s', 'ratio', 'goal'], ...rows])
  for (const { of, megabytes, peakBytes } of memory)
    console.log(
      `peak memory of worker and children, ${of} of ${megabytes} MB: ${mebibytes(peakBytes)} MiB  <= ${mebibytes(memoryGoalBytes)} ${verdict(peakBytes, memoryGoalBytes)}`,
    )
}

/** Writes `bench/results/<date><suffix>.json`, and returns its name. */
export function writeResult(result: { at: string }, suffix = ''): string {
  const folder = join('bench', 'results')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${result.at.slice(0, 10)}${suffix}.json`)
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`)
  return file
}

/** The first column to the left, the others to the right. */
export function printRows(rows: string[][]): void {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
}

function figure(value: number | null): string {
  return value === null ? '' : value.toFixed(2)
}

export function verdict(value: number, goal: number): string {
  return value <= goal ? 'kept' : `MISSED by ${Math.round((value / goal - 1) * 100)} %`
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 ** 2)
}
