import { daysBetween, londonDate } from '../lib/dates.ts'
import { isRemote } from './rules.ts'

/** A first appointment at which somebody met: when it was asked for, when it was, and in which way they met in fact. */
export interface Wait {
  asked_on: string
  starts_at: string
  met_by: string
}

/** The days from the referral, or where there is none from the day it was made, to the appointment. */
export function daysWaited({ asked_on, starts_at }: Pick<Wait, 'asked_on' | 'starts_at'>): number {
  return Math.max(0, daysBetween(asked_on, londonDate(starts_at)))
}

export interface Waited {
  people: number
  /** Half of them waited no longer than this. */
  median: number
}

/** How long people waited to meet from afar, and in person; null where nobody did. */
export function waitsByWay(waits: readonly Wait[]): { remote: Waited | null; inPerson: Waited | null } {
  const of = (remote: boolean) => waitedOf(waits.filter(({ met_by }) => isRemote(met_by) === remote).map(daysWaited))
  return { remote: of(true), inPerson: of(false) }
}

function waitedOf(days: number[]): Waited | null {
  const sorted = [...days].sort((one, other) => one - other)
  const median = sorted[Math.ceil(sorted.length / 2) - 1]
  return median === undefined ? null : { people: sorted.length, median }
}

/** The two in one sentence each, remote and in person side by side. */
export function waitsInWords(waits: readonly Wait[]): string[] {
  const { remote, inPerson } = waitsByWay(waits)
  return [sentence(inPerson, 'face to face or at home'), sentence(remote, 'by video, phone or text')].filter(
    (line) => line !== '',
  )
}

function sentence(waited: Waited | null, how: string): string {
  if (waited === null) return ''
  const { people, median } = waited
  const who = people === 1 ? '1 person' : `${people} people`
  return `${who} met ${how} for the first time. Half of them waited ${daysInWords(median)} or less.`
}

export function daysInWords(days: number): string {
  return days === 1 ? '1 day' : `${days} days`
}
