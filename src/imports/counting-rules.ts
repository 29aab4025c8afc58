/** 1 row, 2 rows, 1,200 rows. */
export function inWords(count: number, thing: string): string {
  return `${count.toLocaleString('en-GB')} ${thing}${count === 1 ? '' : 's'}`
}
