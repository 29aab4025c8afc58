/** Who looks after loans, and to whom they are handed over: one loan, or all that are open. */
export interface Handover {
  loanId: number | null
  /** Who looked after them when the form was shown. */
  from: number
  to: number
}

export interface Champion {
  id: number
  name: string
  /** They have left, or are no champion any more: nothing is handed over to them. */
  is_gone: boolean
  open_loans: number
}

export function loansInWords(count: number): string {
  return `${count} open ${count === 1 ? 'loan' : 'loans'}`
}
