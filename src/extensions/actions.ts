import { sql } from 'kysely'
import type { Change } from '../database/change.ts'
import { formatDate, formatInstant, londonMidnightAfter, londonToday } from '../lib/dates.ts'
import { NotFound } from '../lib/refusals.ts'
import { borrowerName } from '../loans/borrowers-rules.ts'
import { readLoanLengths } from '../loans/lend-queries.ts'
import { isOpen, lineState, lineStates, workingDueDate } from '../loans/rules.ts'
import { type LockedLine, listLinesById, listPlansInTheWay, lockLines, type PlanInTheWay } from './queries.ts'
import { type ExtensionOrder, type LineInTheWay, LinesInTheWay, laterDueDates, type SeenLine } from './rules.ts'

/**
 * Moves the review date of lines of any loans, all of them or none, in a constant number of statements; each loan is
 * audited by itself.
 *
 * Refuses: a line that is not there (NotFound); a day that is no review date (RuleBroken); and, with each line and why
 * (LinesInTheWay), lines that have ended or were extended since they were seen, that are theirs until then already, and
 * whose item somebody else is to have before the new date. Gives how many lines of how many loans.
 */
export async function extendLines(
  change: Change,
  { lines: seen, dueOn }: ExtensionOrder,
): Promise<{ lines: number; loans: number }> {
  const { trx, by } = change
  const ids = seen.map(({ id }) => id)
  await lockLines(trx, by, ids)
  const lines = await listLinesById(trx, by, ids)
  if (lines.length !== new Set(ids).size || lines.length === 0) throw new NotFound()
  const today = londonToday(change.now())
  const dueDates = await dueDatesOf(change, lines, dueOn, today)
  const extended = lines.map((line) => ({ ...line, to: dueDates.get(line.line_id) ?? '' }))
  const problems = await whatIsInTheWay(change, extended, seen, today)
  if (problems.length > 0) throw new LinesInTheWay(problems)

  await sql`
    update loan_lines set due_on = later.due_on
    from unnest(${ids}::bigint[], ${ids.map((id) => dueDates.get(id))}::date[]) as later (id, due_on)
    where loan_lines.id = later.id
  `.execute(trx)
  const byLoan = Map.groupBy(extended, (line) => line.loan_id)
  await sql`update loans set version = version + 1 where id = any(${[...byLoan.keys()]}::bigint[])`.execute(trx)
  for (const [loanId, ofLoan] of byLoan) auditLoan(change, loanId, ofLoan)
  return { lines: lines.length, loans: byLoan.size }
}

async function dueDatesOf(change: Change, lines: LockedLine[], dueOn: string | null, today: string) {
  if (dueOn === null) return laterDueDates(lines, await readLoanLengths(change.trx, change.by), today)
  const day = workingDueDate(dueOn, today)
  return new Map(lines.map((line) => [line.line_id, day]))
}

type ExtendedLine = LockedLine & { to: string }

async function whatIsInTheWay(
  { trx, by }: Change,
  lines: ExtendedLine[],
  seen: SeenLine[],
  today: string,
): Promise<LineInTheWay[]> {
  const seenOn = new Map(seen.map(({ id, dueOn }) => [id, dueOn]))
  const wanted = lines.map(({ line_id, to }) => ({ line_id, until: londonMidnightAfter(to) }))
  const plans = new Map((await listPlansInTheWay(trx, by, wanted)).map((plan) => [plan.line_id, plan]))
  return lines.flatMap((line) => {
    const text = whyNot(line, seenOn.get(line.line_id), plans.get(line.line_id), today)
    return text === null ? [] : [{ lineId: line.line_id, text }]
  })
}

function whyNot(
  line: ExtendedLine,
  seenOn: string | undefined,
  plan: PlanInTheWay | undefined,
  today: string,
): string | null {
  const { tag, due_on, to } = line
  if (!isOpen(line)) return `${tag} is no longer with them: ${lineStates[lineState(line, today)].text.toLowerCase()}`
  if (due_on !== seenOn) return `Someone else has just changed the review of ${tag} to ${formatDate(due_on)}`
  if (due_on >= to) return `${tag} is theirs until ${formatDate(due_on)} already`
  return plan ? `${tag} is planned for ${planWords(plan)}` : null
}

function planWords(plan: PlanInTheWay): string {
  const who = borrowerName(plan, true) || 'someone else'
  const until = plan.due_on === null ? formatInstant(plan.until) : formatDate(plan.due_on)
  return `${who} from ${formatInstant(plan.since)} until ${until}`
}

function auditLoan(change: Change, loanId: number, lines: ExtendedLine[]): void {
  const [first] = lines
  change.audit({
    verb: 'loan:extended',
    subject: ['loan', loanId],
    ...(first?.service_user_id && { serviceUserId: first.service_user_id }),
    details: { items: lines.map(({ tag }) => tag), dueOn: first?.to, before: lines.map(({ due_on }) => due_on) },
  })
}
