import QRCode from 'qrcode'

/** The dark modules of a drawn code, row by row, as `#` and `.`; read from its path and from nothing else. */
export function modulesDrawn(viewBox: string, path: string): string {
  const [left = 0, , width = 0] = viewBox.split(' ').map(Number)
  const size = width + 2 * left
  const rows = Array.from({ length: size }, () => Array<string>(size).fill('.'))
  for (const [, x, y, run, back] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-(\d+)z/g)) {
    if (run !== back) throw new Error(`A box that is not closed: ${run} there and ${back} back`)
    for (let at = 0; at < Number(run); at += 1) rows[Number(y)]![Number(x) + at] = '#'
  }
  if (path.replace(/M\d+ \d+h\d+v1h-\d+z/g, '') !== '') throw new Error('The path holds more than boxes')
  return rows.map((row) => row.join('')).join('\n')
}

/** The same of the code that the library makes of an address. */
export function modulesOf(address: string, errorCorrectionLevel: 'L' | 'M'): string {
  const { data, size } = QRCode.create(address, { errorCorrectionLevel }).modules
  const rows = Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (_module, x) => (data[y * size + x] ? '#' : '.')).join(''),
  )
  return rows.join('\n')
}
