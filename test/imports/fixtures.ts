import { readFile } from 'node:fs/promises'

/** A file of test/imports/fixtures: the genuine headings of another program over invented rows. */
export function fixture(name: string): Promise<Buffer> {
  return readFile(new URL(`fixtures/${name}`, import.meta.url))
}

/** A small spreadsheet, written here so that the test shows what is in it. */
export function csv(...lines: string[]): Buffer {
  return Buffer.from(`${lines.join('\n')}\n`)
}
