import { type Author, type Change, makeChange } from '../database/change.ts'
import type { Database, InTransaction } from '../database/connection.ts'
import { addJob } from '../database/jobs.ts'
import type { Role } from '../lib/actor.ts'
import { storableJson } from '../lib/storable-json.ts'
import { applyImport, Done, ImportRefused, lockWaiting } from './actions.ts'
import { fileKinds, type ImportKind } from './kinds-rules.ts'
import type { Plan } from './plan-rules.ts'
import { printOf, printRows } from './planning-actions.ts'
import type { RowProblem } from './rows-rules.ts'
import { findImporter, findRunToDo, type RunEnd, type RunToDo } from './run-queries.ts'
import { changesSince, rowsKnownBy, seenRowsOf } from './run-rules.ts'

/** One at a time, whoever's they are: a file takes memory, and mail must not wait behind two of them. */
const QUEUE = 'imports'
/** With the pauses between them this goes on for about ten minutes. */
const MOST_TRIES = 6
/** More rows than these nobody reads, and the preview shows how all of them are now. */
const MOST_PROBLEMS = 100

/** Puts a long import in the queue, for the plan that somebody has seen. While it waits or runs nothing else is done with it. */
export async function askForImport(change: Change, kind: ImportKind, id: number, plan: Plan): Promise<void> {
  const { file_name } = await lockWaiting(change, kind, id)
  const seenRows = seenRowsOf(printRows(plan))
  const run = await change.trx
    .insertInto('import_runs')
    .values({
      organisation_id: change.by.organisationId,
      import_id: id,
      asked_by: change.by.staffId,
      asked_at: change.now(),
      row_count: Object.keys(seenRows).length,
      seen: printOf(plan),
      seen_rows: storableJson(seenRows),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  change.audit({ verb: 'import:asked', subject: ['import', id], details: { file: file_name } })
  await addJob(change.trx, 'bring-in', { runId: run.id }, { queue: QUEUE })
}

export interface Running {
  db: Database
  clock: () => Date
  log: { warn(fields: object, message?: string): void }
  /** The how manieth time this is tried, from 1. */
  attempt: number
  /** What somebody may do is decided by their role now. */
  mayImport(kind: ImportKind, person: { role: Role; caseloadOnly: boolean }): boolean
}

/**
 * Brings in what somebody asked for, as them and with the rights they have now: all of it, with the end of the run, in one
 * transaction. One that was killed is taken up again from the beginning; one that is done is left alone. Throws what is to
 * be tried again.
 */
export async function runImport(running: Running, runId: number): Promise<void> {
  const { db, clock, attempt, mayImport } = running
  const run = await findRunToDo(db, runId)
  if (!run) return
  if (attempt > MOST_TRIES) return await giveUp(running, run, 'failed')
  const person = await findImporter(db, run.asked_by)
  if (!person || !mayImport(run.kind, { role: person.role as Role, caseloadOnly: person.caseload_only })) {
    return await giveUp(running, run, 'not-allowed')
  }
  const progress = new ProgressNote(running, run.id)
  try {
    await makeChange({ db, by: authorOf(run), clock }, async (change) => {
      await applyImport(change, fileKinds[run.kind], run.import_id, run.seen, {
        isAskedFor: true,
        onPlanned: (done) => progress.note('checking', done),
        onWritten: (done, of) => progress.note('writing', done, of),
      })
      await endRun(change.trx, run, 'done', change.now())
    })
  } catch (error) {
    // it came in by a worker that was taken for dead
    if (error instanceof Done) return
    if (!(error instanceof ImportRefused)) throw error
    await giveUp(running, run, 'changed', changesIn(run, error.plan))
  } finally {
    await progress.noted()
  }
}

function changesIn({ seen_rows }: RunToDo, plan: Plan): RowProblem[] {
  const changes = changesSince(seen_rows, printRows(plan), rowsKnownBy[plan.kind])
  return [...plan.problems, ...changes].toSorted((one, other) => one.line - other.line)
}

function authorOf({ organisation_id, asked_by }: RunToDo): Author {
  return { organisationId: organisation_id, staffId: asked_by }
}

async function giveUp(
  { db, clock }: Running,
  run: RunToDo,
  as: Exclude<RunEnd, 'done'>,
  problems: RowProblem[] = [],
): Promise<void> {
  await makeChange({ db, by: authorOf(run), clock }, async (change) => {
    const isEnded = await endRun(change.trx, run, as, change.now(), problems)
    const details = { file: run.file_name, why: isEnded ? as : 'already over' }
    change.audit({ verb: 'import:stopped', subject: ['import', run.import_id], details })
  })
}

async function endRun(
  trx: InTransaction,
  { id }: RunToDo,
  ended_as: RunEnd,
  now: Date,
  problems: RowProblem[] = [],
): Promise<boolean> {
  const first = ended_as === 'changed' ? storableJson(problems.slice(0, MOST_PROBLEMS)) : null
  const { numUpdatedRows } = await trx
    .updateTable('import_runs')
    .set({ ended_as, ended_at: now, seen_rows: null, problems: first, problem_count: problems.length })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/**
 * Writes down how far a run is, beside its transaction, since nobody sees into that. One note at a time, and the newest
 * next; a note that fails costs nothing but itself.
 */
class ProgressNote {
  readonly #running: Running
  readonly #runId: number
  #next: { stage: string; done_count: number; of_count: number } | null = null
  #writing: Promise<void> | null = null

  constructor(running: Running, runId: number) {
    this.#running = running
    this.#runId = runId
  }

  note(stage: 'checking' | 'writing', done_count: number, of_count = 0): void {
    this.#next = { stage, done_count, of_count }
    this.#writing ??= this.#write()
  }

  async noted(): Promise<void> {
    await this.#writing
  }

  async #write(): Promise<void> {
    try {
      for (let now = this.#next; now !== null; now = this.#next) {
        this.#next = null
        const open = this.#running.db.updateTable('import_runs').set(now).where('id', '=', this.#runId)
        await open.where('ended_at', 'is', null).execute()
      }
    } catch (error) {
      this.#running.log.warn({ err: error }, 'how far an import is could not be written down')
    } finally {
      this.#writing = null
    }
  }
}
