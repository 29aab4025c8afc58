import { type PictureName, pictures } from './picture-rules.ts'

/** One piece of a guide. Text is text: nothing of it is ever read as markup. */
export type Block =
  | { kind: 'heading'; text: string }
  | { kind: 'text' | 'step'; lines: string[]; picture?: PictureName }

export const MOST_BLOCKS = 60
const MOST_IN_A_LINE = 400

const PICTURE = /^picture:\s*(.*)$/i
const HEADING = /^heading:\s*(.*)$/i
const STEP = /^\d{1,2}[.)]\s+/

/**
 * Reads a guide as people type it: pieces with an empty line between them. `Heading: …` begins a part, a number and a dot makes a
 * step, and `Picture: …` above the words puts a picture beside them. Gives what it could not read, too.
 */
export function readBlocks(typed: string): { blocks: Block[]; wrong: string[] } {
  const wrong: string[] = []
  const blocks = typed
    .split(/\n\s*\n/)
    .map((piece) =>
      piece
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    )
    .filter((lines) => lines.length > 0)
    .map((lines) => readBlock(lines, wrong))
  if (blocks.length > MOST_BLOCKS) wrong.push(`A guide may have ${MOST_BLOCKS} pieces or fewer. Make two guides of it`)
  return { blocks, wrong }
}

function readBlock(lines: string[], wrong: string[]): Block {
  const [first = ''] = lines
  const long = lines.find((line) => [...line].length > MOST_IN_A_LINE)
  if (long !== undefined) wrong.push(`This line is too long: “${long.slice(0, 40)}…”. Make shorter sentences of it`)
  const heading = HEADING.exec(first)
  if (heading) {
    if (lines.length > 1) wrong.push(`Leave a line empty below the heading “${heading[1]}”`)
    return { kind: 'heading', text: heading[1] ?? '' }
  }
  const asked = PICTURE.exec(first)?.[1]?.trim().toLowerCase()
  const picture = asked === undefined ? undefined : pictureOf(asked, wrong)
  const words = asked === undefined ? lines : lines.slice(1)
  if (words.length === 0) wrong.push(`Write what the picture “${asked}” goes with below it`)
  const isStep = STEP.test(words[0] ?? '')
  return {
    kind: isStep ? 'step' : 'text',
    lines: isStep ? [(words[0] ?? '').replace(STEP, ''), ...words.slice(1)] : words,
    ...(picture && { picture }),
  }
}

function pictureOf(asked: string, wrong: string[]): PictureName | undefined {
  if (Object.hasOwn(pictures, asked)) return asked as PictureName
  wrong.push(`There is no picture “${asked}”. Choose one from the list below`)
  return undefined
}

/** The other way round: what somebody would have to type. */
export function typedBlocks(blocks: readonly Block[]): string {
  let step = 0
  return blocks
    .map((block) => {
      step = block.kind === 'step' ? step + 1 : block.kind === 'heading' ? 0 : step
      if (block.kind === 'heading') return `Heading: ${block.text}`
      const [first = '', ...others] = block.lines
      const lines = [block.kind === 'step' ? `${step}. ${first}` : first, ...others]
      return [...(block.picture ? [`Picture: ${block.picture}`] : []), ...lines].join('\n')
    })
    .join('\n\n')
}
