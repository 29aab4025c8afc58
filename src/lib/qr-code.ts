import QRCode from 'qrcode'

export interface CodePicture {
  viewBox: string
  /** The dark modules, as a path of an SVG picture. */
  path: string
}

/** Modules of blank paper that readers need on every side (ISO/IEC 18004). */
export const QUIET_ZONE = 4

/**
 * A text as a QR code. null: longer than any QR code holds.
 *
 * The library draws whole SVG documents as text, which a view could only print raw; so only its modules are taken.
 */
export function qrCode(text: string, level: 'L' | 'M'): { picture: CodePicture; width: number } | null {
  const code = createCode(text, level)
  if (code === null) return null
  const width = code.modules.size + 2 * QUIET_ZONE
  const viewBox = `${-QUIET_ZONE} ${-QUIET_ZONE} ${width} ${width}`
  return { picture: { viewBox, path: pathOf(code.modules.data, code.modules.size) }, width }
}

function createCode(text: string, errorCorrectionLevel: 'L' | 'M') {
  try {
    return QRCode.create(text, { errorCorrectionLevel })
  } catch {
    return null
  }
}

/** Dark modules side by side are one box, so that no printer leaves a white hair between them. */
function pathOf(modules: ArrayLike<number>, size: number): string {
  let path = ''
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      let length = 0
      while (x + length < size && modules[y * size + x + length]) length += 1
      if (length > 0) path += `M${x} ${y}h${length}v1h-${length}z`
      x += length
    }
  }
  return path
}
