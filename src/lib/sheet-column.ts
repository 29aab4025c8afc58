import type { Cell } from './csv-writer.ts'
import type { ColumnKind, WorkbookColumn } from './xlsx-writer.ts'

/** A column of a table that people download: what it is called, how a workbook shows it, and what of a row stands in it. */
export interface SheetColumn<Row> extends WorkbookColumn {
  cell: (row: Row) => Cell
}

export function sheetColumn<Row>(
  heading: string,
  cell: (row: Row) => Cell,
  { kind = 'text', width = 16 }: { kind?: ColumnKind; width?: number } = {},
): SheetColumn<Row> {
  return { heading, cell, kind, width }
}
