import { accept, type Reading, refuse } from '../lib/reading.ts'

/** What stands in a cell in place of a code that must not be read: by whom it can be opened is settled where it was sealed. */
export interface SealedCode {
  /** A keyed hash, which tells whether two are the same. */
  hash: string
  sealed: string
}

const MARK = 'sealed-code'
export const HIDDEN = 'Hidden'

export function sealedCell({ hash, sealed }: SealedCode): string {
  return `${MARK}:${hash}:${sealed}`
}

/** A code that cannot be one stays unread too, and says why. */
export function refusedCell(why: string): string {
  return `${MARK}-refused:${why}`
}

export function isSealedCell(cell: string): boolean {
  return cell.startsWith(MARK)
}

export function readSealedCell(cell: string): Reading<SealedCode> {
  const [mark, first = '', sealed = ''] = cell.split(':')
  if (mark === MARK && first !== '' && sealed !== '') return accept({ hash: first, sealed })
  if (mark === `${MARK}-refused`) return refuse('no-code', first)
  return refuse('not-sealed', 'This column was not kept secret. Head it “Voucher code”, and choose the file again')
}
