import type { NewStock } from '../data-allowances/stock-rules.ts'
import { formatShortDate } from '../lib/dates.ts'
import { megabytesOf } from './data-cells-rules.ts'
import { problemOf, type Row, type RowProblem } from './rows-rules.ts'
import type { StockValues } from './stock-cells-rules.ts'
import type { StockField } from './stock-fields-rules.ts'

export interface PlannedStock extends NewStock {
  line: number
}

/** Everything a file of stock would do. It is done only if `problems` is empty. */
export interface StockPlan {
  kind: 'data-stock'
  created: PlannedStock[]
  unchanged: { line: number; tag: string }[]
  problems: RowProblem[]
  rowsWithProblems: number
}

/** What is here already, by its SIM number or the hash of its code. */
export type KnownStock = Omit<NewStock, 'codeSealed'>

export interface StockKnown {
  stock: readonly KnownStock[]
  /** SIMs that somebody has, and that did not come from our stock. */
  simsInUse: ReadonlySet<string>
  today: string
}

type StockRow = Row<StockValues>

/** Works out what a file of stock would do, against what came in before. Each code and each number comes in once. */
export class StockPlanner {
  readonly #known: ReadonlyMap<string, KnownStock>
  readonly #simsInUse: ReadonlySet<string>
  readonly #today: string
  readonly #lines = new Map<string, number>()
  readonly #created: PlannedStock[] = []
  readonly #unchanged: { line: number; tag: string }[] = []
  readonly #problems: RowProblem[] = []
  readonly #linesWithProblems = new Set<number>()

  constructor({ stock, simsInUse, today }: StockKnown) {
    this.#known = new Map(stock.map((one) => [keyOf(one), one]))
    this.#simsInUse = simsInUse
    this.#today = today
  }

  add(row: StockRow) {
    for (const problem of row.problems) this.#note(problem)
    for (const [field, text] of row.unread) this.#say(row, field, text)
    const stock = this.#stockOf(row)
    if (!stock) return
    const field = stock.kind === 'voucher' ? 'code' : 'simNumber'
    const key = keyOf(stock)
    const before = this.#lines.get(key)
    if (before !== undefined) {
      return this.#say(row, field, `Line ${before} has this ${nameOf[field]} too. Each comes in once`)
    }
    this.#lines.set(key, row.line)
    const known = this.#known.get(key)
    if (known) return this.#addKnown(row, field, stock, known)
    if (stock.simNumber !== null && this.#simsInUse.has(stock.simNumber)) {
      return this.#say(row, field, 'Somebody has this SIM already. Take the row out')
    }
    if (stock.useBy !== null && stock.useBy < this.#today) {
      return this.#say(row, 'useBy', `It could be started until ${formatShortDate(stock.useBy)}. Take the row out`)
    }
    this.#created.push({ ...stock, line: row.line })
  }

  #addKnown(row: StockRow, field: StockField, stock: NewStock, known: KnownStock) {
    if (contentOf(stock) === contentOf(known)) {
      this.#unchanged.push({ line: row.line, tag: `Line ${row.line}` })
      return
    }
    this.#say(row, field, `This ${nameOf[field]} came in before, and with other details. It can be used once`)
  }

  #stockOf(row: StockRow): NewStock | undefined {
    const { what, provider, simNumber, code, amount, unit } = row.values
    const need = (field: StockField, text: string) => {
      if (row.values[field] === undefined && !row.unread.has(field)) this.#say(row, field, text)
    }
    need('what', 'Say what it is: SIM, eSIM, Voucher or Hotspot')
    need('provider', 'Enter the provider')
    need('amount', 'Enter how much data, such as 20 GB, or Unlimited')
    if (what === 'voucher') need('code', 'Enter the code of the voucher')
    if (what !== undefined && what !== 'voucher') need('simNumber', 'Enter the SIM number')
    if (what === 'voucher' && simNumber !== undefined) this.#say(row, 'simNumber', 'A voucher has no SIM. Empty this')
    if (what !== undefined && what !== 'voucher' && code !== undefined) {
      this.#say(row, 'code', 'Only a voucher has a code. Empty this, or say that it is a voucher')
    }
    const megabytes = amount === undefined || amount === 'unlimited' ? null : this.#megabytesOf(row, amount, unit)
    if (this.#linesWithProblems.has(row.line) || what === undefined || provider === undefined) return undefined
    const { network = '', period = 'once', useBy = null, funder = '', cost = null } = row.values
    return {
      ...{ kind: what, provider, network, megabytes: megabytes ?? null, period, useBy, funder, costPence: cost },
      ...{ simNumber: simNumber ?? null, codeHash: code?.hash ?? null, codeSealed: code?.sealed ?? null },
    }
  }

  #megabytesOf(
    row: StockRow,
    amount: Exclude<StockValues['amount'], 'unlimited'>,
    unit: StockValues['unit'] | undefined,
  ) {
    if (row.unread.has('unit')) return undefined
    const read = megabytesOf(amount, unit, 1)
    if (!read.error) return read.value
    this.#say(row, 'amount', read.error.text)
    return undefined
  }

  /** What stands in the cell of a code is never said. */
  #say(row: StockRow, field: StockField, text: string): void {
    const problem = problemOf(row, field, text)
    this.#note(field === 'code' ? { ...problem, value: '' } : problem)
  }

  #note(problem: RowProblem): void {
    this.#problems.push(problem)
    this.#linesWithProblems.add(problem.line)
  }

  finish(): StockPlan {
    return {
      kind: 'data-stock',
      created: this.#created,
      unchanged: this.#unchanged,
      problems: this.#problems,
      rowsWithProblems: this.#linesWithProblems.size,
    }
  }
}

const nameOf: Partial<Record<StockField, string>> = { code: 'code', simNumber: 'SIM number' }

function keyOf({ simNumber, codeHash }: KnownStock): string {
  return simNumber === null ? `code ${codeHash}` : `sim ${simNumber}`
}

function contentOf({ kind, provider, network, megabytes, period, useBy, funder, costPence }: KnownStock): string {
  return JSON.stringify([kind, provider, network, megabytes, period, useBy, funder, costPence])
}
